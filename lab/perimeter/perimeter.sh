#!/usr/bin/env bash
# The perimeter firewall: its owner's rules, and an sshd for the administrator. What it is changes with
# `lab firewall KIND`; each kind has a disk of its own below .lab/perimeter.

# What of this machine's /etc programs need to run at all.
BORROWED=(passwd group shadow nsswitch.conf ld.so.cache ld.so.conf ld.so.conf.d alternatives protocols
  services ethertypes iproute2 localtime)

firewall_home() { printf '%s/perimeter%s' "$LAB" "$OFFICE"; }
firewall_kind() { cat "$(firewall_home)/kind" 2>/dev/null || echo nftables; }
firewall_loaded() { [ -n "$(on "$PERIM" nft list ruleset 2>/dev/null)" ]; }

ensure_perimeter() {
  local kind disk
  if running "firewall$OFFICE" && firewall_loaded && firewall_answers; then return 0; fi
  stop "firewall$OFFICE"
  kind=$(firewall_kind)
  disk=$(firewall_home)/$kind
  ensure_disk "$kind" "$disk"
  launch "firewall$OFFICE" nsenter --net="$(netns "$PERIM")" -- unshare --mount --propagation private \
    "$ROOT/lab/perimeter/firewall" "$disk" "$kind"
  until_true 20 firewall_answers ||
    die "the firewall's sshd does not answer: see $LAB/log/firewall$OFFICE.log"
}

# ensure_disk KIND DIRECTORY: the machine as its owner installed it; nothing to do for one that is there.
ensure_disk() {
  local keys
  [ ! -e "$2/complete" ] || return 0
  keys=$(firewall_home)/ssh
  mkdir -p "$keys"
  [ -s "$keys/ssh_host_ed25519_key.pub" ] ||
    { rm -f "$keys"/ssh_host_*; ssh-keygen -q -t ed25519 -N '' -C perimeter -f "$keys/ssh_host_ed25519_key"; }
  rm -rf "$2"
  if [ "$1" = openbsd ]; then openbsd_disk "$2"; else linux_disk "$1" "$2"; fi
  cp -a "$keys/." "$2/etc/ssh/"
  cp -f "$ADMIN_KEY.pub" "$2/etc/ssh/authorized_keys"
  firewall_sshd_config >"$2/etc/ssh/sshd_config"
  : >"$2/complete"
}

linux_disk() {
  local file
  (
    umask 022
    mkdir -p "$2/etc/ssh" "$2/etc/network/if-up.d" "$2/etc/iptables"
    for file in "${BORROWED[@]}"; do [ ! -e "/etc/$file" ] || cp -a "/etc/$file" "$2/etc/"; done
    chmod 755 "$2" "$2/etc"
    case $1 in
      nftables) owners_text perimeter.nft >"$2/etc/nftables.conf" ;;
      iptables) owners_text rules.v4 >"$2/etc/iptables/rules.v4" ;;
    esac
  )
}

openbsd_disk() {
  "$ROOT/lab/standin/build" --tree "$1" "$ADMIN_KEY.pub" 8>&- 9>&-
  (
    umask 022
    chmod 755 "$1" "$1/etc" "$1/usr" "$1/var"
    cp "$ROOT/lab/perimeter/rc.perimeter" "$1/etc/rc.perimeter"
    mkdir -p "$1/etc/openbsd-ipsec-gateway"
    # As the owner has it who has followed what the product said at its first run.
    : >"$1/etc/openbsd-ipsec-gateway/pf.conf"
    owners_text pf.conf >"$1/etc/pf.conf"
    rm -f "$1"/etc/hostname.*
    echo "inet $NET.1 255.255.255.0" >"$1/etc/hostname.int0"
    echo "inet 198.51.100.${OFFICE:-1} 255.255.255.0" >"$1/etc/hostname.ext0"
    chmod 640 "$1"/etc/hostname.*
    chmod 600 "$1/etc/pf.conf"
    echo "$INTERNET" >"$1/etc/mygate"
  )
}

owners_text() { sed "s/10\.10\.0\./$NET./g" "$ROOT/lab/perimeter/$1"; }

firewall_sshd_config() {
  cat <<CONF
ListenAddress $NET.1
HostKey /etc/ssh/ssh_host_ed25519_key
AuthorizedKeysFile /etc/ssh/authorized_keys
AllowUsers root
PermitRootLogin prohibit-password
AuthenticationMethods publickey
StrictModes no
UsePAM no
UseDNS no
PidFile none
CONF
}

firewall_answers() { sshd_answers "$NET.1"; }

# A firewall of the given kind takes the place of the one that is there, unless it is that, or that one
# reboots.
command_firewall() {
  local kind=${1:-}
  case $kind in
    '') firewall_kind; return ;;
    reboot | nftables | iptables | openbsd) [ $# -eq 1 ] || { usage >&2; exit 64; } ;;
    *) usage >&2; exit 64 ;;
  esac
  use_lab
  if [ "$kind" = "$(firewall_kind)" ]; then ensure_perimeter; return; fi
  stop firewall
  # What a machine forgets when it is switched off.
  on perim nft flush ruleset
  on perim conntrack -F 2>/dev/null || true
  ip -n "${PREFIX}perim" route flush dev int0 proto boot
  ip -n "${PREFIX}perim" route flush dev int0 proto static
  if [ "$kind" != reboot ]; then
    rm -rf "$(firewall_home)/${kind:?}"
    printf '%s\n' "$kind" >"$(firewall_home)/kind"
  fi
  ensure_perimeter
}
