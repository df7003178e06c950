#!/usr/bin/env bash
# Pulumi's own releases: found on this machine, or downloaded.

DOWNLOADS=https://get.pulumi.com/releases

# The CLI on PATH, unless it is one this script made, here or in another clone, or a launcher without a language host.
find_engine() {
  local engine version
  while read -r engine; do
    engine=$(readlink -f "$engine")
    [ ! -e "${engine%/*}/../origin/engine" ] || continue
    [ -x "${engine%/*}/pulumi-language-nodejs" ] || continue
    version=$("$engine" version 2>/dev/null) || continue
    at_least "$OLDEST_ENGINE" "${version#v}" || continue
    came_from engine "official $version found in ${engine%/*}" "${engine%/*}"
    return
  done < <(type -ap pulumi || true)
  return 1
}

# Asked once: without the internet each further step goes straight to the registries.
online() {
  if [ -z "${ONLINE:-}" ]; then
    command -v curl >/dev/null || die "curl is missing, which downloads Pulumi: install it (or use --closed)"
    ONLINE=no
    ! curl -fsIL --connect-timeout 3 --max-time 8 -o /dev/null "$(engine_url)" 2>/dev/null || ONLINE=yes
  fi
  [ "$ONLINE" = yes ]
}

CHECKSUMS=$(dirname "${BASH_SOURCE[0]}")/checksums
# More than any archive has.
LARGEST_MIB=500

# expected_sha256 ARCHIVE: empty where none is recorded.
expected_sha256() { awk -v name="$1" '$2 == name { print $1 }' "$CHECKSUMS"; }

# recorded ARCHIVE: whether it may be downloaded; one whose SHA-256 nobody has recorded is refused.
recorded() {
  [ -n "$(expected_sha256 "$1")" ] && return
  printf 'toolchain: %s: no SHA-256 of it is recorded in lab/toolchain/checksums, so it is not downloaded\n' "$1"
  return 1
}

# download URL ARCHIVE: .toolchain/download/ARCHIVE, if it is the recorded one. A line that stalls is given up.
download() {
  local file=$TOOLCHAIN/download/$2 found
  mkdir -p "$TOOLCHAIN/download" && rm -f "$file" "$file.new"
  # curl itself does not count what comes without a length.
  if ! (ulimit -f $((LARGEST_MIB * 1024)) &&
    curl -fsSL --proto '=https' --proto-redir '=https' --max-redirs 5 --connect-timeout 5 --retry 2 \
      --speed-limit 10000 --speed-time 30 --max-time 1800 --max-filesize $((LARGEST_MIB * 1024 * 1024)) \
      -o "$file.new" "$1") >"$LOGS/download.log" 2>&1 8>&-; then
    rm -f "$file.new"
    ONLINE=no
    return 1
  fi
  found=$(sha256sum <"$file.new" | cut -d ' ' -f 1)
  if [ "$found" != "$(expected_sha256 "$2")" ]; then
    rm -f "$file.new"
    printf '\ntoolchain: %s is not the recorded archive (its SHA-256 is %s): thrown away, and the registries are used\n' \
      "$2" "$found"
    return 1
  fi
  mv -f "$file.new" "$file"
}

engine_archive() { printf 'pulumi-v%s-linux-%s.tar.gz\n' "$ENGINE_VERSION" "$(node_machine)"; }
engine_url() { printf '%s/sdk/%s\n' "$DOWNLOADS" "$(engine_archive)"; }

fetch_engine() {
  recorded "$(engine_archive)" && online || return 1
  working "official archive $ENGINE_VERSION"
  download "$(engine_url)" "$(engine_archive)" || return 1
  unpack_engine >>"$LOGS/download.log" 2>&1 || return 1
  came_from engine "official archive $ENGINE_VERSION, SHA-256 checked" "$ENGINE_VERSION"
}

unpack_engine() {
  local new=$TOOLCHAIN/engine.new archive
  archive=$TOOLCHAIN/download/$(engine_archive)
  rm -rf "$new" "$BIN.old" && mkdir "$new" &&
    tar -xzf "$archive" -C "$new" && rm -f "$archive" &&
    [ "$("$new/pulumi/pulumi" version)" = "v$ENGINE_VERSION" ] &&
    { [ ! -e "$BIN" ] || mv "$BIN" "$BIN.old"; } && mv "$new/pulumi" "$BIN" && rm -rf "$BIN.old" && rmdir "$new"
}

# A plugin the user's own Pulumi has fetched already.
find_plugin() {
  local name=$1 version=$2 theirs=${HOME:-/nonexistent}/.pulumi/plugins/resource-$1-v$2 ours
  ours=$(plugin_directory "$name" "$version")
  [ -x "$theirs/pulumi-resource-$name" ] && [ ! -e "$theirs.partial" ] || return 1
  rm -rf "$ours"
  ln -s "$theirs" "$ours"
  came_from "$(plugin_part "$name")" "official $version found in $theirs" "$version"
}

plugin_archive() { printf 'pulumi-resource-%s-v%s-linux-%s.tar.gz\n' "$1" "$2" "$(go_machine)"; }

fetch_plugin() {
  local name=$1 version=$2 archive directory
  archive=$(plugin_archive "$name" "$version") directory=$(plugin_directory "$name" "$version")
  recorded "$archive" && online || return 1
  working "official archive $version"
  download "$DOWNLOADS/plugins/$archive" "$archive" || return 1
  unpack_plugin "$TOOLCHAIN/download/$archive" "$directory" "$name" >>"$LOGS/download.log" 2>&1 || return 1
  came_from "$(plugin_part "$name")" "official archive $version, SHA-256 checked" "$version"
}

# unpack_plugin ARCHIVE DIRECTORY NAME
unpack_plugin() {
  rm -rf "$2.new" && mkdir -p "$2.new" && tar -xzf "$1" -C "$2.new" && rm -f "$1" &&
    [ -x "$2.new/pulumi-resource-$3" ] && rm -rf "$2" && mv "$2.new" "$2"
}
