#!/usr/bin/env bash
# Taking the lab away, whatever state it is in. Repeatable; nothing here assumes that `up` finished.

# What goes with the lab. Keys, passphrase and guest image cost time to make and describe nothing.
VOLATILE=(state project peers log home source native)
for office in "" 2 3; do
  VOLATILE+=("vg${office:-0}.img" "dnsmasq$office.conf" "dnsmasq$office.leases")
  VOLATILE+=("libvirt$office" "lvm$office" "ssh$office" "perimeter$office")
done
VOLATILE+=(media2 media3)

command_down() {
  local purge='' other
  case ${1:-} in
    '') ;;
    --purge) purge=1 ;;
    *) usage >&2; exit 64 ;;
  esac
  other=$(owner)
  [ -z "$other" ] || [ "$other" = "$ROOT" ] || refuse_to_remove "$other"
  lock
  teardown "${other:-$ROOT}"
  [ -z "$purge" ] || rm -rf "$LAB"
  say "down: nothing of the lab is left${purge:+, nor are its keys and image}"
}

refuse_to_remove() {
  [ ! -x "$1/scripts/lab" ] || die "the lab on this machine is that of $1: run $1/scripts/lab down"
}

# teardown ROOT: of the clone in that directory, which may be gone itself.
teardown() {
  local lab=$1/.lab name
  # The clients first, then the namespaces and whatever still runs in them.
  for name in $(recorded_processes); do
    [[ $name == holder* ]] || stop "$name"
  done
  for name in "" 2 3; do stop "holder$name"; done
  remove_network
  for name in "" 2 3; do in_office "$name" remove_group "$lab"; done
  for name in "${VOLATILE[@]}"; do rm -rf "${lab:?}/$name"; done
  rm -rf "$RUN"
}
