#!/usr/bin/env bash
# The hypervisor: a libvirtd of its own, with its own /etc/libvirt, in its own namespaces.

URI=qemu:///system

ensure_hypervisor() {
  ensure_libvirt
  ensure_dhcp
}

ensure_libvirt() {
  ensure_holder
  ensure_group
  ensure_daemon virtlogd virtlogd_answers virtlogd
  ensure_daemon libvirtd libvirtd_answers libvirtd
  ensure_pool vg0 logical --source-name "$GROUP" --target "/dev/$GROUP"
  mkdir -p "$LAB/media$OFFICE"
  ensure_pool media dir --target "$LAB/media$OFFICE"
}

ensure_holder() {
  if running "holder$OFFICE" && in_holder test -e /run/ready; then return 0; fi
  # Without its holder nobody new can enter: what still runs in there is lost as well.
  stop "holder$OFFICE"
  clear_namespace "$HV"
  ensure_group_device
  write_libvirt_settings
  write_ssh_settings
  launch "holder$OFFICE" nsenter --net="$(netns "$HV")" -- unshare --mount --uts --propagation private \
    "$ROOT/lab/hypervisor/holder" "$LAB/libvirt$OFFICE" "$LAB/lvm$OFFICE" "$LAB/ssh$OFFICE" "$OFFICE"
  until_true 10 in_holder test -e /run/ready ||
    die "the hypervisor's namespace did not come up: see $LAB/log/holder$OFFICE.log"
}

write_libvirt_settings() {
  local etc=$LAB/libvirt$OFFICE/etc/libvirt
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

# ensure_daemon NAME PROBE COMMAND…: runs on the hypervisor and answers, else started anew.
ensure_daemon() {
  local name=$1$OFFICE probe=$2
  shift 2
  if running "$name" && until_true 5 "$probe"; then return 0; fi
  stop "$name"
  launch_in_holder "$name" "$@"
  until_true 60 "$probe" || die "$name does not answer: see $LAB/log/$name.log"
}

launch_in_holder() {
  local name=$1 holder
  shift
  holder=$(pid_of "holder$OFFICE")
  launch "$name" nsenter --mount="/proc/$holder/ns/mnt" --net="/proc/$holder/ns/net" \
    --uts="/proc/$holder/ns/uts" --wdns=/ -- "$@"
}

virtlogd_answers() { in_holder test -S /run/libvirt/virtlogd-sock; }
libvirtd_answers() { virsh_lab version >/dev/null; }
virsh_lab() { in_holder timeout 10 virsh -q -c $URI "$@"; }

# ensure_pool NAME TYPE OPTIONS…
ensure_pool() {
  local state
  state=$(virsh_lab pool-list --all | awk -v n="$1" '$1 == n { print $2 }')
  [ -n "$state" ] || virsh_lab pool-define-as "$@"
  [ "$state" = active ] || virsh_lab pool-start "$1"
}

# Addresses for guests that ask: the same for the same machine, for ever.
ensure_dhcp() {
  if running "dnsmasq$OFFICE"; then return 0; fi
  cat >"$LAB/dnsmasq$OFFICE.conf" <<CONF
port=0
no-resolv
no-hosts
user=root
pid-file=
dhcp-leasefile=$LAB/dnsmasq$OFFICE.leases
interface=br0
bind-interfaces
dhcp-authoritative
no-ping
dhcp-range=$NET.0,static,255.255.255.0,infinite
dhcp-host=52:54:00:0a:0a:02,$NET.2
dhcp-host=52:54:00:0a:0a:03,$NET.3
dhcp-option=option:router,$NET.1
CONF
  launch "dnsmasq$OFFICE" nsenter --net="$(netns "$HV")" -- \
    dnsmasq --keep-in-foreground --conf-file="$LAB/dnsmasq$OFFICE.conf"
  until_true 5 dhcp_listens || die "dnsmasq did not start: see $LAB/log/dnsmasq$OFFICE.log"
}
dhcp_listens() { on "$HV" ss -Hlun 'sport = :67' | grep -q .; }

# Guests that are defined but off, as after a crash of the machine's hypervisor.
ensure_guests_run() {
  local guest
  for guest in $(virsh_lab list --name --inactive); do virsh_lab start "$guest"; done
}

# On the workstation: how the other hypervisors are reached. There: their sshd.
write_ssh_settings() {
  local key=$LAB/keys/hypervisor
  mkdir -p "$LAB/ssh$OFFICE"
  [ -s "$key.pub" ] || { rm -f "$key"; ssh-keygen -q -t ed25519 -N '' -C hypervisor -f "$key"; }
  if [ -z "$OFFICE" ]; then
    printf '%s,%s %s\n' "$SECOND_HYPERVISOR" "$SPARE_HYPERVISOR" "$(cut -d ' ' -f 1,2 "$key.pub")" \
      >"$LAB/ssh/ssh_known_hosts"
    printf 'Host %s %s\n  IdentityFile %s\n' "$SECOND_HYPERVISOR" "$SPARE_HYPERVISOR" "$ADMIN_KEY" >"$LAB/ssh/ssh_config"
    # The provider's SSH client reads the user's files only, ssh itself those of the system too.
    mkdir -p "$LAB/home/.ssh"
    cp -f "$LAB/ssh/ssh_known_hosts" "$LAB/home/.ssh/known_hosts"
    cp -f "$LAB/ssh/ssh_config" "$LAB/home/.ssh/config"
    # A login costs an emulated gateway more processor time than most commands, and a fifth less by these.
    printf 'Host *\n  KexAlgorithms ^curve25519-sha256\n  Ciphers ^aes128-gcm@openssh.com\n' >>"$LAB/ssh/ssh_config"
    return
  fi
  cp -f "$key" "$LAB/ssh$OFFICE/ssh_host_ed25519_key"
  cp -f "$ADMIN_KEY.pub" "$LAB/ssh$OFFICE/authorized_keys"
  # The home of the machine's root is none of the hypervisor's.
  cat >"$LAB/ssh$OFFICE/sshd_config" <<CONF
ListenAddress $(hypervisor_address)
HostKey /etc/ssh/ssh_host_ed25519_key
AuthorizedKeysFile /etc/ssh/authorized_keys
AllowUsers root
PermitRootLogin prohibit-password
AuthenticationMethods publickey
SetEnv HOME=/run/home
UsePAM no
UseDNS no
PidFile none
CONF
}

ensure_hypervisor_sshd() {
  ensure_daemon hypervisor-sshd hypervisor_listens /usr/sbin/sshd -D -e
}
hypervisor_listens() { on "$HV" ss -Hltn 'sport = :22' | grep -q .; }
