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

ensure_engine() {
  local wanted
  wanted=$(fingerprint lab/toolchain/go/cli/go.mod lab/toolchain/go/cli/go.sum)
  [ ! -x "$(engine_directory)/pulumi" ] || { ! official engine && ! is_current engine "$wanted"; } || return 0
  [ -n "$CLOSED" ] || ! { find_engine || fetch_engine; } || return 0
  build_engine "$wanted"
}

ensure_language_host() {
  local wanted
  ! official engine || { came_from language-host "comes with the engine" official && return; }
  wanted=$(fingerprint lab/toolchain/language-host lab/toolchain/engine package-lock.json)
  [ ! -x "$BIN/pulumi-language-nodejs" ] || ! is_current language-host "$wanted" || return 0
  bundle_language_host "$wanted"
}

ensure_bridge() {
  local wanted
  wanted=$(fingerprint lab/toolchain/go/bridge/go.mod lab/toolchain/go/bridge/go.sum)
  [ ! -x "$(plugin_directory terraform-provider "$BRIDGE_VERSION")/pulumi-resource-terraform-provider" ] ||
    { ! official bridge && ! is_current bridge "$wanted"; } || return 0
  [ -n "$CLOSED" ] || ! { find_plugin terraform-provider "$BRIDGE_VERSION" ||
    fetch_plugin terraform-provider "$BRIDGE_VERSION"; } || return 0
  build_bridge "$wanted"
}

libvirt_file() {
  printf '%s/dynamic_tf_plugins/%s/%s/linux_%s/terraform-provider-libvirt_v%s\n' \
    "$PULUMI_HOME" "$LIBVIRT_SOURCE" "$LIBVIRT_VERSION" "$(go_machine)" "$LIBVIRT_VERSION"
}

go_machine() { [ "$(uname -m)" = x86_64 ] && echo amd64 || echo arm64; }

ensure_libvirt() {
  local wanted
  wanted=$(fingerprint lab/toolchain/go/libvirt/go.mod lab/toolchain/go/libvirt/go.sum)
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
