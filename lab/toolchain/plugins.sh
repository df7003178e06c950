#!/usr/bin/env bash
# Where the engine looks for its parts, and in which order each part is looked for.

PULUMI_HOME=$TOOLCHAIN/pulumi-home
PLUGINS=$PULUMI_HOME/plugins

plugin_directory() { printf '%s/resource-%s-v%s\n' "$PLUGINS" "$1" "$2"; }

# The bridge's plugin is named after what it bridges.
plugin_part() { [ "$1" = terraform-provider ] && echo bridge || echo "$1"; }

# Empty before the engine is there.
engine_directory() {
  local found
  found=$(tail -n 1 "$ORIGINS/engine" 2>/dev/null || true)
  case $found in
    /*) printf '%s\n' "$found" ;;
    ?*) printf '%s\n' "$BIN" ;;
  esac
}

# official PART: true if the part is an official one and that is welcome. One from before archives were checked
# is not.
official() {
  [ -z "$CLOSED" ] && case $(origin "$1") in
    "official archive "* | "official "*" found in "*) true ;;
    *) false ;;
  esac
}

# modules NAME: a fingerprint of what the program is built from.
modules() { fingerprint "lab/toolchain/go/$1/go.mod" "lab/toolchain/go/$1/go.sum"; }

# is_there PART FILE MODULES: official, or built from these.
is_there() { [ -x "$2" ] && { official "$1" || is_current "$1" "$(modules "$3")"; }; }

engine_is_there() { is_there engine "$(engine_directory)/pulumi" engine; }

bridge_is_there() {
  is_there bridge "$(plugin_directory terraform-provider "$BRIDGE_VERSION")/pulumi-resource-terraform-provider" engine
}

official_engine() { [ -n "$CLOSED" ] || engine_is_there || find_engine || fetch_engine || gave_up; }

official_bridge() {
  [ -n "$CLOSED" ] || bridge_is_there || find_plugin terraform-provider "$BRIDGE_VERSION" ||
    fetch_plugin terraform-provider "$BRIDGE_VERSION" || gave_up
}

# Official programs, or the modules that they are built from otherwise. Why modules cannot be had, the build says.
download_programs() {
  local packages
  step engine official_engine
  step "bridge $BRIDGE_VERSION" official_bridge
  mapfile -t packages < <(packages_to_build)
  [ ${#packages[@]} -eq 0 ] ||
    go_modules engine "${packages[@]}" >"$LOGS/engine-modules.log" 2>&1 8>&- || true
}

ensure_engine() {
  local packages
  mapfile -t packages < <(packages_to_build)
  [ ${#packages[@]} -eq 0 ] || build_engine "$(modules engine)" "${packages[@]}"
}

# The provider is compiled while the other programs, or their modules, are downloaded.
go_parts() {
  local download
  download_programs &
  download=$!
  step "libvirt $LIBVIRT_VERSION" ensure_libvirt
  wait "$download"
  step "engine, bridge" ensure_engine
}

ensure_language_host() {
  local wanted
  ! official engine || { came_from language-host "comes with the engine" official && return; }
  wanted=$(fingerprint lab/toolchain/language-host lab/toolchain/engine package-lock.json)
  [ ! -x "$BIN/pulumi-language-nodejs" ] || ! is_current language-host "$wanted" || return 0
  bundle_language_host "$wanted"
}

libvirt_file() {
  printf '%s/dynamic_tf_plugins/%s/%s/linux_%s/terraform-provider-libvirt_v%s\n' \
    "$PULUMI_HOME" "$LIBVIRT_SOURCE" "$LIBVIRT_VERSION" "$(go_machine)" "$LIBVIRT_VERSION"
}

go_machine() { [ "$(uname -m)" = x86_64 ] && echo amd64 || echo arm64; }

ensure_libvirt() {
  local wanted
  wanted=$(modules libvirt)
  # Never the archive of the Terraform registry, which the bridge would fetch by itself: nothing pins that one.
  [ ! -x "$(libvirt_file)" ] || ! is_current libvirt "$wanted" || return 0
  build_libvirt "$wanted"
}

# ensure_plugin NAME VERSION
ensure_plugin() {
  local name=$1 version=$2 wanted
  wanted=$(fingerprint "lab/toolchain/providers/$name" lab/toolchain/providers/core lab/toolchain/engine package-lock.json)
  [ ! -x "$(plugin_directory "$name" "$version")/pulumi-resource-$name" ] ||
    { ! official "$name" && ! is_current "$name" "$wanted"; } || return 0
  [ -n "$CLOSED" ] || ! { find_plugin "$name" "$version" || fetch_plugin "$name" "$version"; } || return 0
  bundle_plugin "$name" "$version" "$wanted"
}
