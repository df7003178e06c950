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

engine_url() { printf '%s/sdk/pulumi-v%s-linux-%s.tar.gz\n' "$DOWNLOADS" "$ENGINE_VERSION" "$(node_machine)"; }

# download COMMAND…: a failed download is not the end, as the registries may have the part.
download() {
  "$@" >"$LOGS/download.log" 2>&1 8>&- || { ONLINE=no && return 1; }
}

fetch_engine() {
  online || return 1
  working "official release $ENGINE_VERSION"
  download unpack_engine || return 1
  came_from engine "official release $ENGINE_VERSION" "$ENGINE_VERSION"
}

unpack_engine() {
  rm -rf "$TOOLCHAIN/engine.new" && mkdir "$TOOLCHAIN/engine.new" &&
    curl -fsSL --connect-timeout 5 --retry 2 "$(engine_url)" | tar -xz -C "$TOOLCHAIN/engine.new" &&
    [ "$("$TOOLCHAIN/engine.new/pulumi/pulumi" version)" = "v$ENGINE_VERSION" ] &&
    rm -rf "$BIN" && mv "$TOOLCHAIN/engine.new/pulumi" "$BIN" && rmdir "$TOOLCHAIN/engine.new"
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

fetch_plugin() {
  local name=$1 version=$2
  online || return 1
  working "official release $version"
  rm -rf "$(plugin_directory "$name" "$version")"
  download "$(engine_directory)/pulumi" plugin install resource "$name" "$version" || return 1
  came_from "$(plugin_part "$name")" "official release $version" "$version"
}

# The bridge fetches the Terraform provider itself when it is first asked for the schema.
fetch_libvirt() {
  online || return 1
  working "OpenTofu registry"
  download print_schema || return 1
  came_from libvirt "OpenTofu registry, $LIBVIRT_VERSION" "$LIBVIRT_VERSION"
}
