#!/usr/bin/env bash
# Getting into the hypervisor's namespaces, which are also the administrator's workstation.

# in_hypervisor COMMAND…: in this directory, with the hypervisor's files and network.
in_hypervisor() {
  local holder
  holder=$(pid_of holder) || return 1
  nsenter --mount="/proc/$holder/ns/mnt" --net="/proc/$holder/ns/net" --wdns="$PWD" -- "$@" 9>&-
}

# The environment of the Pulumi CLI. An agent or a backend of the user's own has no business here.
export_environment() {
  eval "$("$ROOT/scripts/toolchain" --env)"
  unset SSH_AUTH_SOCK PULUMI_CONFIG_PASSPHRASE PULUMI_ACCESS_TOKEN
  export PULUMI_BACKEND_URL="file://$LAB/state" PULUMI_CONFIG_PASSPHRASE_FILE="$PASSPHRASE"
}

command_shell() {
  require_lab
  export_environment
  export GWLAB_INSIDE=1
  case ${1:-} in
    '') in_hypervisor "${SHELL:-/bin/bash}" ;;
    -c) [ $# -eq 2 ] || { usage >&2; exit 64; }; in_hypervisor bash -c "$2" ;;
    *) usage >&2; exit 64 ;;
  esac
}
