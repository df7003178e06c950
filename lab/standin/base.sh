#!/usr/bin/env bash
# Collects what comes from Debian into one tree: base.sh TREE KERNEL-TREE KERNEL-VERSION.
# Linux-only programs go to /usr/libexec/host, outside everybody's PATH: what OpenBSD does not have,
# a script that manages the guest must not find.
set -euo pipefail
tree=$1 kernel=$2 version=$3
host=$tree/usr/libexec/host

mkdir -p "$tree"/{bin,sbin,etc,dev,proc,sys,run,tmp,mnt,disk,new,modules,lib64,root} \
  "$tree"/usr/{bin,sbin,lib,libexec/host,local/bin,local/sbin} \
  "$tree"/var/{run,log,empty,db,tmp,lib/openiked/empty}
chmod 1777 "$tree/tmp" "$tree/var/tmp"
chmod 755 "$tree/var/empty" "$tree/var/lib/openiked/empty"

libraries_of() {
  local lib
  while read -r lib; do
    [ -e "$tree$lib" ] || install -D "$lib" "$tree$lib"
  done < <(ldd "$1" 2>/dev/null | grep -o '/[^ ]*' || true)
}

# program SOURCE DESTINATION
program() {
  local source
  source=$(readlink -f "$1")
  install -D "$source" "$tree$2"
  libraries_of "$source"
}

install -D /usr/bin/busybox "$host/busybox"
applets=" $("$host/busybox" --list | tr '\n' ' ') "
# OpenBSD's base commands whose busybox form behaves closely enough.
for applet in [ awk basename cal cat chgrp chmod chown clear cmp cp cut date dc bc dd diff \
  dirname du ed expand expr factor false egrep fgrep grep fold gunzip gzip head hexdump kill last less ln login \
  ls mkdir mkfifo mknod mktemp more mv nc nl od paste patch printf ps pwd readlink \
  realpath renice reset rev rm rmdir sed seq sleep sort strings stty su sync tail tar tee test \
  time top touch tr true tty umount mount unexpand uniq uptime uudecode uuencode vi w wc \
  which who whoami yes zcat id; do
  if [[ $applets == *" $applet "* ]]; then ln -sf /usr/libexec/host/busybox "$tree/bin/$applet"; fi
done
# busybox runs its own applets instead of what PATH says; these start other programs, so they are real.
# The others are those that Debian's busybox lacks.
for name in env nohup nice timeout xargs find cksum comm join split sum tsort users pgrep pkill; do program "/usr/bin/$name" "/usr/bin/$name"; done
install -D "$(readlink -f /usr/bin/mksh-static)" "$tree/bin/ksh"
ln -s ksh "$tree/bin/sh"

program /usr/sbin/sshd /usr/sbin/sshd
program /usr/bin/ssh-keygen /usr/bin/ssh-keygen
program /usr/bin/openssl /usr/bin/openssl
program /usr/lib/openssh/sftp-server /usr/libexec/sftp-server
program /usr/sbin/iked /sbin/iked
program /usr/sbin/ikectl /usr/libexec/host/ikectl
program /usr/bin/tcpdump /usr/sbin/tcpdump
program /usr/sbin/charon-systemd /usr/libexec/host/charon-systemd
program /usr/sbin/nft /usr/libexec/host/nft
program /usr/sbin/conntrack /usr/libexec/host/conntrack
program "$(command -v ip)" /usr/libexec/host/ip

# perl, with the modules that gwctl's pings use: all of them are in OpenBSD's base system.
program /usr/bin/perl /usr/bin/perl
perl -Mstrict -Mwarnings -MSocket -MTime::HiRes -e 'print "$_\n" for values %INC, @DynaLoader::dl_shared_objects' |
  while read -r file; do
    install -D "$file" "$tree$file"
    libraries_of "$file"
  done

for plugin in random nonce openssl pem pkcs1 pkcs8 x509 pubkey revocation constraints hmac aes sha1 sha2 gcm ctr gmp \
  curve25519 kdf kernel-netlink socket-default vici; do
  file=/usr/lib/ipsec/plugins/libstrongswan-$plugin.so
  [ ! -e "$file" ] || { install -D "$file" "$tree$file"; libraries_of "$file"; }
done
# charon cancels threads at shutdown, which loads this one late.
install -D /lib/x86_64-linux-gnu/libgcc_s.so.1 "$tree/lib/x86_64-linux-gnu/libgcc_s.so.1"
# iked exits with "error enabling legacy provider" without it.
install -D /usr/lib/x86_64-linux-gnu/ossl-modules/legacy.so "$tree/usr/lib/x86_64-linux-gnu/ossl-modules/legacy.so"
install -D /etc/protocols "$tree/etc/protocols"
install -D /etc/services "$tree/etc/services"

# modules LIST NAME…: the modules and what they need, in load order.
modules() {
  local list=$1 name path
  shift
  for name in "$@"; do
    modprobe -d "$kernel" -S "$version" --show-depends "$name" 2>/dev/null | awk '$1 == "insmod" { print $2 }'
  done | awk '!seen[$0]++' | while read -r path; do
    cp "$path" "$tree/modules/"
    basename "$path"
  done >"$tree/modules/$list"
}
modules early virtio_pci virtio_net virtio_blk virtio-rng overlay
# drbg: without it every SA is refused with ENOENT.
modules late nf_tables nft_ct nft_nat nft_masq nft_chain_nat nft_reject_inet nft_reject_ipv4 nft_reject_ipv6 \
  nft_log nf_log_syslog nft_fib_inet nft_xfrm nft_dup_ipv4 nf_conntrack_netlink dummy xfrm_interface button evdev \
  esp4 esp6 xfrm_user af_key authenc gcm ghash-generic ctr sha512_generic drbg echainiv seqiv aesni_intel
