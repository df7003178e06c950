#!/usr/bin/env bash
# The perimeter firewall: its owner's nftables rules, and an sshd for the administrator.

ensure_perimeter() {
  local table
  for table in 'inet perimeter_filter' 'ip perimeter_nat'; do
    # shellcheck disable=SC2086 # two words: family and name
    on "$PERIM" nft list table $table >/dev/null 2>&1 || load_rules
  done
  ensure_firewall_sshd
}

# Only the owner's tables: what the product has added stays.
load_rules() {
  { printf 'table inet perimeter_filter {}\ntable ip perimeter_nat {}\n'
    printf 'delete table inet perimeter_filter\ndelete table ip perimeter_nat\n'
    sed "s/10\.10\.0\./$NET./" "$ROOT/lab/perimeter/perimeter.nft"; } | on "$PERIM" nft -f -
}

ensure_firewall_sshd() {
  local etc=$LAB/perimeter$OFFICE/ssh
  if running "firewall$OFFICE" && firewall_answers; then return 0; fi
  stop "firewall$OFFICE"
  mkdir -p "$etc"
  [ -s "$etc/ssh_host_ed25519_key.pub" ] ||
    { rm -f "$etc"/ssh_host_*; ssh-keygen -q -t ed25519 -N '' -C perimeter -f "$etc/ssh_host_ed25519_key"; }
  cp -f "$ADMIN_KEY.pub" "$etc/authorized_keys"
  cat >"$etc/sshd_config" <<CONF
ListenAddress $NET.1
HostKey /etc/ssh/ssh_host_ed25519_key
AuthorizedKeysFile /etc/ssh/authorized_keys
AllowUsers root
PermitRootLogin prohibit-password
AuthenticationMethods publickey
UsePAM no
UseDNS no
PidFile none
CONF
  launch "firewall$OFFICE" nsenter --net="$(netns "$PERIM")" -- unshare --mount --propagation private \
    "$ROOT/lab/perimeter/firewall" "$etc"
  until_true 10 firewall_answers || die "the firewall's sshd does not answer: see $LAB/log/firewall$OFFICE.log"
}

firewall_answers() { on hv timeout 5 ssh-keyscan -t ed25519 "$NET.1" 2>/dev/null | grep -q ssh-ed25519; }
