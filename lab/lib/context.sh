#!/usr/bin/env bash
# Getting into the hypervisor's namespaces, which are also the administrator's workstation.

# in_hypervisor COMMAND…: in this directory, with the hypervisor's files and network.
in_hypervisor() {
  local holder
  holder=$(pid_of holder) || return 1
  nsenter --mount="/proc/$holder/ns/mnt" --net="/proc/$holder/ns/net" --uts="/proc/$holder/ns/uts" --wdns="$PWD" -- "$@" 8>&- 9>&-
}

# The environment of the Pulumi CLI. An agent or a backend of the user's own has no business here.
export_environment() {
  eval "$("$ROOT/scripts/toolchain" --env)"
  command -v pulumi >/dev/null || die "the Pulumi engine is not there: run ./scripts/toolchain"
  unset SSH_AUTH_SOCK PULUMI_CONFIG_PASSPHRASE PULUMI_ACCESS_TOKEN
  export HOME=$LAB/home
  export PULUMI_BACKEND_URL="file://$LAB/state" PULUMI_CONFIG_PASSPHRASE_FILE="$PASSPHRASE"
  export GATEWAY_PROJECT=$PROJECT
}

command_shell() {
  require_lab
  export_environment
  export GWLAB_OUTSIDE=$$
  case ${1:-} in
    '') in_hypervisor "${SHELL:-/bin/bash}" ;;
    -c) [ $# -eq 2 ] || { usage >&2; exit 64; }; in_hypervisor bash -c "$2" ;;
    *) usage >&2; exit 64 ;;
  esac
}

# command_gateway ARGS…: the operator's tool, where the gateway lets its administrator in from.
command_gateway() {
  require_lab
  export_environment
  in_hypervisor "$ROOT/scripts/gateway" "$@"
}

# command_on MACHINE COMMAND…: with the network of that machine, e.g. west-lan; perim also with its files.
command_on() {
  local machine=${1:-} enter
  [ $# -ge 2 ] || { usage >&2; exit 64; }
  shift
  require_lab
  enter=("--net=$(netns "$machine")")
  [ -e "$(netns "$machine")" ] || die "no machine $machine: there are ${NAMESPACES[*]}"
  [ "$machine" != perim ] || enter+=("--mount=/proc/$(pid_of firewall)/ns/mnt" "--root=/proc/$(pid_of firewall)/root")
  exec nsenter "${enter[@]}" -- "$@"
}

command_perimeter() { command_on perim "$@"; }
