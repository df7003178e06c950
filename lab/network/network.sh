#!/usr/bin/env bash
# Machines (namespaces), links, addresses and routes. Every line can be repeated on a live lab.

# The internet's router: takes whatever is sent its way, and leads nowhere.
INTERNET=198.51.100.254

ensure_network() {
  local name
  [ -e /run/netns ] || touch "$RUN/made-netns"
  for name in "${NAMESPACES[@]}"; do case $name in *[23] | gw) ;; *) ensure_namespace "$name" ;; esac done
  bridge out br-out
  address out br-out $INTERNET/24
  ensure_office_network
  each_site ensure_site
}

ensure_office_network() {
  bridge "$HV" br0
  address "$HV" br0 "$NET.254/24"
  ensure_perimeter_links
  cable "$LAN_HOST" eth0 "$HV" p-lan br0
  # Two hosts on one machine.
  address "$LAN_HOST" eth0 "$NET.100/24"
  address "$LAN_HOST" eth0 "$NET.200/24"
  route "$LAN_HOST" default via "$NET.1"
  # The office's other networks are behind the VPN gateway, not behind the firewall.
  route "$LAN_HOST" 10.20.0.0/16 via "$NET.2"
}

ensure_perimeter_links() {
  cable "$PERIM" int0 "$HV" p-perim br0
  cable "$PERIM" ext0 out "o-$PERIM" br-out
  address "$PERIM" int0 "$NET.1/24"
  address "$PERIM" ext0 "198.51.100.${OFFICE:-1}/24"
  route "$PERIM" default via $INTERNET
  route "$HV" default via "$NET.1"
  settings "$PERIM" ip_forward=1
}

# The second office, and the line to it that only its hypervisor's administrator uses.
ensure_second_network() {
  local name
  for name in "$HV" "$PERIM" "$LAN_HOST"; do ensure_namespace "$name"; done
  ensure_office_network
  ip -n "${PREFIX}hv" link show admin0 >/dev/null 2>&1 ||
    ip link add admin0 netns "${PREFIX}hv" type veth peer name admin0 netns "$PREFIX$HV"
  address hv admin0 "$ADMIN_LINE/24"
  address "$HV" admin0 "$SECOND_HYPERVISOR/24"
  route hv "$NET.0/24" via "$SECOND_HYPERVISOR"
  settings "$HV" ip_forward=1
  # The office's machines answer the hypervisor, and know nothing of the line.
  on "$HV" nft -f - <<'NFT'
table ip admin_line
delete table ip admin_line
table ip admin_line {
  chain outbound {
    type nat hook postrouting priority srcnat;
    iifname "admin0" oifname "br0" masquerade
  }
}
NFT
}

# On the first office's LAN: two switches, connected.
ensure_spare_network() {
  ensure_namespace "$HV"
  bridge "$HV" br0
  cable "$HV" office0 hv p-spare br0
  ip -n "$PREFIX$HV" link set office0 master br0 up
  address "$HV" br0 "$SPARE_HYPERVISOR/24"
  route "$HV" default via 10.10.0.1
}

# ensure_site NAME ADDRESS LAN ROUTER HOST COUNT
ensure_site() {
  cable "$1" wan0 out "o-$1" br-out
  ip -n "$PREFIX$1" link set wan0 up
  addresses wan0 "$2" 24 3 "$6" | ip -n "$PREFIX$1" -batch -
  route "$1" default via $INTERNET
  on "$1" ip link show lan0 >/dev/null 2>&1 ||
    ip link add lan0 netns "$PREFIX$1" type veth peer name eth0 netns "$PREFIX$1-lan"
  ip -n "$PREFIX$1" link set lan0 up
  ip -n "$PREFIX$1-lan" link set eth0 up
  addresses lan0 "$4" 24 2 "$6" | ip -n "$PREFIX$1" -batch -
  addresses eth0 "$5" 24 2 "$6" | ip -n "$PREFIX$1-lan" -batch -
  route "$1-lan" default via "$4"
  settings "$1" ip_forward=1
  # While a tunnel is down the office must not be looked for on the internet, in clear: neither its LAN, nor the
  # addresses that NAT gives it.
  route "$1" unreachable 10.10.0.0/16 metric 9999
  route "$1" unreachable 10.12.0.0/16 metric 9999
}

# addresses INTERFACE FIRST PREFIX OCTET COUNT: commands of `ip -batch`. The octet that counts up is
# given by its number, from 0.
addresses() {
  local octets index
  IFS=. read -r -a octets <<<"$2"
  for ((index = 0; index < $5; index++)); do
    printf 'addr replace %s.%s.%s.%s/%s dev %s\n' "${octets[@]}" "$3" "$1"
    ((octets[$4] += 1))
  done
}

# each_site FUNCTION: called with name, address, lan, router and host of every machine of remote sites,
# and with how many sites it is.
each_site() {
  local site
  while read -r -a site; do "$1" "${site[@]}"; done < <(
    jq -r '.[] | [.name, .address, .lan, .router, .host, .count // 1] | join(" ")' "$SITES_FILE"
  )
}

ensure_namespace() {
  if on "$1" true 2>/dev/null; then return 0; fi
  # A name without a namespace behind it is what an interrupted `ip netns add` leaves.
  [ ! -e "$(netns "$1")" ] || ip netns del "$PREFIX$1" 2>/dev/null || rm -f "$(netns "$1")"
  ip netns add "$PREFIX$1"
  # No IPv6 chatter in the captures; every packet may come and go by different interfaces.
  on "$1" sysctl -q -e -w net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
  settings "$1" conf.all.rp_filter=0 conf.default.rp_filter=0 conf.all.accept_redirects=0 \
    conf.default.accept_redirects=0 conf.all.send_redirects=0 conf.default.send_redirects=0
  ip -n "$PREFIX$1" link set lo up
}

settings() {
  local where=$1 setting
  shift
  for setting; do on "$where" sysctl -q -w "net.ipv4.$setting"; done
}

bridge() {
  ip -n "$PREFIX$1" link show "$2" >/dev/null 2>&1 || ip -n "$PREFIX$1" link add "$2" type bridge
  ip -n "$PREFIX$1" link set "$2" up
}

# cable NAMESPACE INTERFACE SWITCH PORT BRIDGE: from the machine to a port of the switch's bridge.
cable() {
  ip -n "$PREFIX$1" link show "$2" >/dev/null 2>&1 ||
    ip link add "$2" netns "$PREFIX$1" type veth peer name "$4" netns "$PREFIX$3"
  ip -n "$PREFIX$3" link set "$4" master "$5" up
}

address() {
  ip -n "$PREFIX$1" addr replace "$3" dev "$2"
  ip -n "$PREFIX$1" link set "$2" up
}

route() {
  local where=$1
  shift
  ip -n "$PREFIX$where" route replace "$@"
}

remove_network() {
  local name
  for name in "${NAMESPACES[@]}"; do
    [ -e "$(netns "$name")" ] || continue
    clear_namespace "$name"
    ip netns del "$PREFIX$name" 2>/dev/null || rm -f "$(netns "$name")"
  done
  # `ip netns` turns this directory into a mount point the first time it is used.
  if [ -e "$RUN/made-netns" ] && [ -z "$(ls -A /run/netns 2>/dev/null)" ]; then
    umount /run/netns 2>/dev/null || true
    rmdir /run/netns 2>/dev/null || true
  fi
}
