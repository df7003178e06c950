#!/usr/bin/env bash
# The stack's gateway without an emulator: its disk's files and the stand-in's userland in namespaces of this
# machine, at the guest's address. For measurements only: this machine's kernel has neither ESP nor PF_KEY, so
# no tunnel carries packets, and only isakmpd runs.

NATIVE=$LAB/native
NATIVE_DOMAIN=gw-test

command_native() {
  [ $# -eq 1 ] || { usage >&2; exit 64; }
  case $1 in
    up | down) use_lab; "native_$1" ;;
    *) usage >&2; exit 64 ;;
  esac
}

native_up() {
  ! running native || return 0
  shut_guest_down
  rm -rf "$NATIVE"
  mkdir -p "$NATIVE"/{upper,work,root,partition}
  "$ROOT/lab/standin/build" --tree "$NATIVE/lower" "$ADMIN_KEY.pub" >/dev/null 8>&- 9>&-
  take_disk
  native_network
  launch native nsenter --net="$(netns gw)" -- unshare --mount --uts --ipc --pid --fork --kill-child \
    --propagation private "$ROOT/lab/native/start" "$NATIVE"
  until_true 30 native_answers || die "the gateway's sshd does not answer: see $LAB/log/native.log"
}

# What was changed there since the guest was shut down is lost.
native_down() {
  stop native
  clear_namespace gw
  ip -n "$PREFIX$HV" link del p-gw 2>/dev/null || true
  rm -rf "$NATIVE"
  [ "$(virsh_lab domstate $NATIVE_DOMAIN | head -n 1)" = running ] || virsh_lab start $NATIVE_DOMAIN
  until_true 120 native_answers || die "the guest's sshd does not answer after its start"
}

shut_guest_down() {
  virsh_lab shutdown $NATIVE_DOMAIN --mode acpi || true
  until_true 60 guest_is_off || die "$NATIVE_DOMAIN does not shut down"
}
guest_is_off() { [ "$(virsh_lab domstate $NATIVE_DOMAIN | head -n 1)" = "shut off" ]; }

# What differs from the stand-in's archive is on the disk's second partition (lab/standin/rootfs/init).
take_disk() {
  local disk start
  disk=$(virsh_lab vol-path $NATIVE_DOMAIN --pool vg0)
  # Bytes 8 to 11 of the second entry of the partition table.
  start=$(in_holder od -A n -t u4 -j 470 -N 4 "$disk" | tr -d ' ')
  in_holder mount -o "ro,noload,loop,offset=$((start * 512))" "$disk" "$NATIVE/partition"
  in_holder cp -a "$NATIVE/partition/root/." "$NATIVE/upper/"
  in_holder umount "$NATIVE/partition"
}

native_network() {
  ensure_namespace gw
  cable gw eth0 "$HV" p-gw br0
  # The stand-in's enc0 is a dummy device, which this kernel may not have.
  on gw ip link show enc0 >/dev/null 2>&1 || on gw ip link add enc0 type bridge
}

native_answers() { sshd_answers "$NET.2"; }
