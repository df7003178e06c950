#!/usr/bin/env bash
# Everything on the machine that a lab could have made, for comparing before and after.

command_inventory() {
  section 'network namespaces' list_namespaces
  section 'loop devices' losetup -nlO NAME,BACK-FILE
  section 'mounts' list_mounts
  section 'device links' list_device_links
  section 'links of this network namespace' list_links
  section 'processes in other network namespaces' list_processes
  section 'run files' list_run_files
}

section() {
  printf -- '--- %s\n' "$1"
  shift
  "$@" | LC_ALL=C sort || true
}

list_namespaces() { ip netns list | awk '{ print $1 }'; }
list_mounts() { awk '{ print $2, $3 }' /proc/self/mounts; }
list_links() { ip -o link show | awk -F': ' '{ print $2 }'; }
list_device_links() { find "/dev/$GROUP" /dev/mapper -mindepth 1 -printf '%p -> %l\n' 2>/dev/null; [ ! -d "/dev/$GROUP" ] || echo "/dev/$GROUP"; }
list_run_files() { find "$RUN" -mindepth 0 -printf '%p\n' 2>/dev/null; find /run -maxdepth 1 \( -name 'libvirt*' -o -name 'sshd*' -o -name netns -o -name 'virtlog*' \); }

# Also those whose namespace has lost its name.
list_processes() {
  local here process there
  here=$(readlink /proc/self/ns/net)
  for process in /proc/[0-9]*; do
    there=$(readlink "$process/ns/net" 2>/dev/null) || continue
    [ "$there" = "$here" ] || printf '%s %s\n' "$(cat "$process/comm" 2>/dev/null)" "${process#/proc/}"
  done
}
