#!/usr/bin/env bash
# The volume group of the pool vg0 of an office, on a sparse file behind a loop device.

# Sparse: room costs nothing, and a copy takes a second disk beside the first.
GROUP_BYTES=$((16 * 1024 ** 3))

# The device that carries the volume group, if attached.
group_device() { losetup -nO NAME -j "$GROUP_FILE" -o 0 2>/dev/null || true; }

# dm: the kernel's device-mapper; loop: LVM's metadata with loop devices instead (lvm-shim).
storage_mode() {
  modprobe -q dm_mod 2>/dev/null || true
  if grep -qw device-mapper /proc/misc && [ -e /dev/mapper/control ]; then echo dm; else echo loop; fi
}

# Before our own group is attached, any vg0 is not the lab's.
refuse_foreign_group() {
  [ -z "$(group_device)" ] || return 0
  remove_links
  if [ -e "/dev/$GROUP" ] || machine_groups | grep -qw "$GROUP"; then
    die "this machine has a volume group $GROUP of its own: the lab cannot run beside it"
  fi
}

# With a /run of its own: even a question leaves lvm's directories behind.
machine_groups() {
  unshare --mount --propagation private sh -c 'mount -n -t tmpfs tmpfs /run && lvm vgs --noheadings -o vg_name' 2>/dev/null
}

# Before the holder starts: the device, and LVM's settings, which see only that device; on the spare
# hypervisor the first office's too, as on two hosts with one disk array.
ensure_group_device() {
  local mode device shared=
  mode=$(storage_mode)
  refuse_foreign_group
  modprobe -q loop 2>/dev/null || true
  [ -e "$GROUP_FILE" ] || truncate -s $GROUP_BYTES "$GROUP_FILE"
  [ -n "$(group_device)" ] || losetup -f "$GROUP_FILE"
  device=$(group_device)
  [ "$OFFICE" != 3 ] || shared="\"a|^$(in_office '' group_device)\$|\", "
  mkdir -p "$LAB/lvm$OFFICE"
  printf '%s\n' "$mode" >"$LAB/lvm$OFFICE/mode"
  cat >"$LAB/lvm$OFFICE/lvm.conf" <<CONF
devices {
  filter = [ $shared"a|^$device\$|", "r|.*|" ]
  use_devicesfile = 0
  obtain_device_list_from_udev = 0
  external_device_info_source = "none"
}
activation {
  udev_sync = 0
  udev_rules = 0
  verify_udev_operations = 0
  monitoring = 0
}
global {
  activation = $([ "$mode" = dm ] && echo 1 || echo 0)
  use_lvmpolld = 0
}
CONF
  if [ "$mode" = loop ]; then
    cp -f "$(readlink -f /sbin/lvm)" "$LAB/lvm$OFFICE/real.new"
    mkdir -p "$LAB/lvm$OFFICE/real"
    # lvm looks at the name it was called by.
    mv -f "$LAB/lvm$OFFICE/real.new" "$LAB/lvm$OFFICE/real/lvm"
    cp -f "$ROOT/lab/hypervisor/lvm-shim" "$LAB/lvm$OFFICE/shim"
    printf 'REAL=%q\nIMAGE=%q\nGROUP=%q\n' "$LAB/lvm$OFFICE/real/lvm" "$GROUP_FILE" "$GROUP" >"$LAB/lvm$OFFICE/shim.conf"
  fi
}

# With the holder running.
ensure_group() {
  in_holder lvm vgs "$GROUP" >/dev/null 2>&1 || {
    in_holder lvm pvcreate -q -y "$(group_device)"
    in_holder lvm vgcreate -q "$GROUP" "$(group_device)"
  }
  in_holder lvm vgchange -q -ay "$GROUP" >/dev/null
}

# remove_group LAB: also when the holder is gone and .lab was deleted.
remove_group() {
  local device file
  if [ "$(cat "$1/lvm$OFFICE/mode" 2>/dev/null)" = dm ]; then
    LVM_SYSTEM_DIR=$1/lvm$OFFICE lvm vgchange -q -an "$GROUP" >/dev/null 2>&1 || true
  fi
  while read -r device file; do
    [ "${file% (deleted)}" != "$1/${GROUP_FILE##*/}" ] || losetup -d "$device"
  done < <(losetup -nlO NAME,BACK-FILE)
  remove_links
}

# Links to loop devices are a lab's, as a machine's own volumes have device-mapper's. Here nothing carries them.
remove_links() {
  [ -d "/dev/$GROUP" ] || return 0
  find "/dev/$GROUP" \( -xtype l -o -lname '/dev/loop*' \) -delete
  rmdir --ignore-fail-on-non-empty "/dev/$GROUP"
}
