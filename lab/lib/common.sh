#!/usr/bin/env bash
# Names, places and messages that every part of the lab shares.
# shellcheck disable=SC2034 # the parts that are sourced after this one use them

# What lives as long as the clone, and what ends with the machine's uptime.
LAB=$ROOT/.lab
# A second clone's lab runs beside the first when LAB_NAME gives it another name.
LAB_NAME=${LAB_NAME:-}
[[ $LAB_NAME =~ ^[a-z0-9]{0,8}$ ]] || { echo "lab: LAB_NAME: write up to 8 of a-z and 0-9" >&2; exit 64; }
RUN=/run/gwlab$LAB_NAME

PREFIX=gwlab$LAB_NAME-
# One network namespace per machine of the picture in the README.
NAMESPACES=(hv perim lan gw hv2 perim2 lan2 hv3 out west west-lan east east-lan branches branches-lan)
SITES_FILE=$ROOT/lab/network/sites.json

# Everything here is root's business: state, captures and logs are not for other users' eyes.
umask 077

say() { printf 'lab: %s\n' "$*"; }

die() {
  printf 'lab: %s\n' "$*" >&2
  exit 1
}

require_root() {
  [ "$(id -u)" = 0 ] || die "needs root (network namespaces, libvirt): run it as root"
}

# Inside `lab shell` /run is another one, in which no lab is to be seen: go back to where the shell
# was started from.
leave_lab_shell() {
  local outside=${GWLAB_OUTSIDE:-}
  unset GWLAB_OUTSIDE
  [ -z "$outside" ] ||
    exec nsenter --mount="/proc/$outside/ns/mnt" --net="/proc/$outside/ns/net" --wdns="$PWD" -- "$0" "$@"
}

netns() { printf '/run/netns/%s%s\n' "$PREFIX" "$1"; }

# on NAMESPACE COMMAND…: with that machine's network, but this one's files.
on() {
  local where=$1
  shift
  nsenter --net="$(netns "$where")" -- "$@"
}

# sshd_answers ADDRESS: to the administrator's workstation.
sshd_answers() { on hv timeout 5 ssh-keyscan -t ed25519 "$1" 2>/dev/null | grep -q ssh-ed25519; }

# until_true SECONDS COMMAND…: polls; fails when the time is over.
until_true() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$deadline" ] || return 1
    sleep 0.05
  done
}

# write_file PATH: stdin → PATH (0600); false when that was its text already.
write_file() {
  cat >"$1.new"
  if cmp -s "$1.new" "$1"; then
    rm -f "$1.new"
    return 1
  fi
  mv -f "$1.new" "$1"
}
