#!/usr/bin/env bash
# The hypervisor: a libvirtd of its own, with its own /etc/libvirt, in its own namespaces.

URI=qemu:///system

ensure_hypervisor() {
  ensure_holder
  ensure_group
  ensure_daemon virtlogd virtlogd_answers virtlogd
  ensure_daemon libvirtd libvirtd_answers libvirtd
  ensure_pool vg0 logical --source-name "$GROUP" --target "/dev/$GROUP"
  ensure_pool media dir --target "$LAB/media"
  ensure_dhcp
}

ensure_holder() {
  if running holder && in_hypervisor test -e /run/ready; then return 0; fi
  # Without its holder nobody new can enter: what still runs in there is lost as well.
  stop holder
  clear_namespace hv
  ensure_group_device
  write_libvirt_settings
  launch holder nsenter --net="$(netns hv)" -- unshare --mount --propagation private \
    "$ROOT/lab/hypervisor/holder" "$LAB" "$(cat "$LAB/lvm/mode")"
  until_true 10 in_hypervisor test -e /run/ready ||
    die "the hypervisor's namespace did not come up: see $LAB/log/holder.log"
}

write_libvirt_settings() {
  local etc=$LAB/libvirt/etc/libvirt
  mkdir -p "$etc"
  # The guest's disk and this directory may be where only root can go; QEMU runs as root.
  cat >"$etc/qemu.conf" <<'CONF'
user = "root"
group = "root"
dynamic_ownership = 0
remember_owner = 0
namespaces = []
cgroup_controllers = []
security_driver = "none"
CONF
  cat >"$etc/libvirtd.conf" <<'CONF'
auth_unix_ro = "none"
auth_unix_rw = "none"
log_outputs = "3:stderr"
CONF
  echo 'log_outputs = "3:stderr"' >"$etc/virtlogd.conf"
}

# ensure_daemon NAME PROBE COMMAND…: runs and answers, else started anew.
ensure_daemon() {
  local name=$1 probe=$2
  shift 2
  if running "$name" && until_true 5 "$probe"; then return 0; fi
  stop "$name"
  launch_in_hypervisor "$name" "$@"
  until_true 60 "$probe" || die "$name does not answer: see $LAB/log/$name.log"
}

launch_in_hypervisor() {
  local name=$1 holder
  shift
  holder=$(pid_of holder)
  launch "$name" nsenter --mount="/proc/$holder/ns/mnt" --net="/proc/$holder/ns/net" --wdns=/ -- "$@"
}

virtlogd_answers() { in_hypervisor test -S /run/libvirt/virtlogd-sock; }
libvirtd_answers() { virsh_lab version; }
virsh_lab() { in_hypervisor timeout 10 virsh -q -c $URI "$@"; }

# ensure_pool NAME TYPE OPTIONS…
ensure_pool() {
  local state
  state=$(virsh_lab pool-list --all | awk -v n="$1" '$1 == n { print $2 }')
  [ -n "$state" ] || virsh_lab pool-define-as "$@"
  [ "$state" = active ] || virsh_lab pool-start "$1"
}

# Addresses for guests that ask: the same for the same machine, for ever.
ensure_dhcp() {
  if running dnsmasq; then return 0; fi
  cat >"$LAB/dnsmasq.conf" <<CONF
port=0
no-resolv
no-hosts
user=root
pid-file=
dhcp-leasefile=$LAB/dnsmasq.leases
interface=br0
bind-interfaces
dhcp-authoritative
no-ping
dhcp-range=10.10.0.0,static,255.255.255.0,infinite
dhcp-host=52:54:00:0a:0a:02,10.10.0.2
dhcp-host=52:54:00:0a:0a:03,10.10.0.3
dhcp-option=option:router,10.10.0.1
CONF
  launch dnsmasq nsenter --net="$(netns hv)" -- dnsmasq --keep-in-foreground --conf-file="$LAB/dnsmasq.conf"
  until_true 5 dhcp_listens || die "dnsmasq did not start: see $LAB/log/dnsmasq.log"
}
dhcp_listens() { on hv ss -Hlun 'sport = :67' | grep -q .; }

# Guests that are defined but off, as after a crash of the machine's hypervisor.
ensure_guests_run() {
  local guest
  for guest in $(virsh_lab list --name --inactive); do virsh_lab start "$guest"; done
}
