#!/usr/bin/env bash
# What goes on the CD: the ramdisk, the sets, the boot files. Sourced by build, whose names it uses.
# shellcheck disable=SC2154

# archive DIR OUT: the tree as cpio, packed as the kernel unpacks it.
archive() {
  find "$1" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
  (cd "$1" && find . -print0 | LC_ALL=C sort -z | cpio --reproducible -0 -o -H newc --quiet --owner 0:0) | lz4 -q -f -l -9 - "$2"
}

# ramdisk WORK CD SETS: bsd.rd and what it boots with.
ramdisk() {
  local work=$1 cd=$2 sets=$3 tree=$1/ramdisk
  local host=$tree/usr/libexec/host
  mkdir -p "$tree"/{bin,sbin,etc/signify,dev,proc,sys,tmp,mnt,mnt2,target,modules} "$tree"/usr/{bin,sbin} "$host"
  chmod 1777 "$tree/tmp"
  install "$here/initrd/init" "$tree/init"
  install "$here"/initrd/{MAKEDEV,lease} "$host/"
  install /usr/bin/busybox "$host/busybox"
  install "$(readlink -f /usr/bin/mksh-static)" "$tree/bin/ksh"
  ln -s ksh "$tree/bin/sh"
  # OpenBSD's ramdisk has few commands; a script that needs another one must fail here too.
  local applet
  for applet in cat chmod chown cp dd df ed expr grep hostname kill less ln ls md5sum mkdir more mount mv ps rm sed sleep stty sync tar umount; do
    ln -s /usr/libexec/host/busybox "$tree/bin/$applet"
  done
  with_libraries "$tree" /sbin/mke2fs "$host/mke2fs"
  (cd "$here/.." && CGO_ENABLED=0 GOFLAGS='-trimpath -buildvcs=false' "$go" build -ldflags "-s -w -buildid= -X main.version=$version" \
    -o "$host/ramdisk" ./installer/ramdisk) || die "the installer does not compile"
  ln -s usr/libexec/host/ramdisk "$tree/install"
  ln -s usr/libexec/host/ramdisk "$tree/autoinstall"
  ln -s /usr/libexec/host/ramdisk "$tree/sbin/reboot"
  ln -s /usr/libexec/host/ramdisk "$tree/sbin/halt"
  cp "$key.pub" "$tree/etc/signify/openbsd-$digits-base.pub"
  modules "$tree"
  archive "$tree" "$work/ramdisk.lz4"
  # One file, as bsd.rd is: the kernel, filled up to a whole sector, and what it unpacks as its root.
  cp "$cache/$kernel/boot/vmlinuz-${kernel#linux-image-}" "$cd/$sets/bsd.rd"
  truncate -s %2048 "$cd/$sets/bsd.rd"
  cat "$work/ramdisk.lz4" >>"$cd/$sets/bsd.rd"
}

with_libraries() {
  local tree=$1 program=$2 lib
  install -D "$program" "$3"
  while read -r lib; do install -D "$lib" "$tree$lib"; done < <(ldd "$program" | grep -o '/[^ ]*')
}

modules() {
  local tree=$1 name path
  for name in virtio_pci virtio_blk virtio_net ahci ata_piix virtio_scsi sr_mod isofs ext4 overlay; do
    modprobe -d "$cache/$kernel" -S "${kernel#linux-image-}" --show-depends "$name" | awk '$1 == "insmod" { print $2 }'
  done | awk '!seen[$0]++' | while read -r path; do
    cp "$path" "$tree/modules/"
    basename "$path"
  done >"$tree/modules/list"
}

# standin_sets WORK DIR: the guest's own image, taken apart. The kernel set is what is before its second
# partition: a boot image with kernel and userland. The base set is the userland once more, as a tree.
standin_sets() {
  local work=$1 dir=$2 tree=$1/base start set
  # The second entry of the partition table has its first sector at byte 8.
  start=$(od -A n -t u4 -j $((446 + 16 + 8)) -N 4 "$standin" | tr -d ' ')
  head -c $((start * 512)) "$standin" >"$dir/bsd"
  ln "$dir/bsd" "$dir/bsd.mp"
  xorriso -no_rc -indev "stdio:$standin" -osirrox on -extract /isolinux/initrd "$work/initrd" >"$work/xorriso.log" 2>&1 ||
    die "the guest's image has no initrd: $(tail -n 3 "$work/xorriso.log")"
  mkdir -p "$tree"
  lz4 -q -d -c "$work/initrd" | (cd "$tree" && while cpio -i -d -m -u --quiet; do :; done) 2>/dev/null || true
  [ -x "$tree/usr/libexec/host/faces" ] || die "the guest's initrd did not unpack"
  rm -f "$tree/root/.ssh/authorized_keys"
  find "$tree" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
  packed "$tree" "$dir/base$digits.tgz"
  for set in comp game man xbase xfont xserv xshare; do
    mkdir -p "$work/$set/usr/share/standin"
    echo "The stand-in's $set set is empty." >"$work/$set/usr/share/standin/$set"
    packed "$work/$set" "$dir/$set$digits.tgz" usr/share/standin
  done
}

# packed TREE OUT [MEMBER]: as OpenBSD's sets, relative to ./ and with numeric owners.
packed() {
  tar -c -C "$1" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" "./${3-}" | gzip -n -6 >"$2"
}

# boot_files CD SETS
boot_files() {
  local cd=$1 dir=$1/$2
  "$here/loader/make.sh" "$dir" "$version" || die "the boot loader does not compile"
  echo "The stand-in does not boot by UEFI." >"$dir/eficdboot"
  echo "OpenBSD $version amd64: the stand-in's notes." >"$dir/INSTALL.amd64"
  echo "build date: $SOURCE_DATE_EPOCH" >"$dir/BUILDINFO"
  (cd "$dir" && sha256sum --tag -- * >"$cd/SHA256") && mv "$cd/SHA256" "$dir/SHA256"
}
