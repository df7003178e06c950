#!/usr/bin/env bash
# The remote sites: a strongSwan with ESP in user space for each, configured from the stack.

ensure_peers() { each_site ensure_peer; }

# ensure_peer NAME …
ensure_peer() {
  local directory=$LAB/peers/$1 socket=$RUN/$1.vici
  ensure_site_keys "$directory"
  if running "peer-$1" && peer_answers "$1"; then return 0; fi
  stop "peer-$1"
  mkdir -p "$directory/conf.d"
  sed -e "s#@LOG@#$LAB/log/peer-$1.log#" -e "s#@SOCKET@#$socket#" \
    "$ROOT/lab/peers/strongswan.conf.in" >"$directory/strongswan.conf"
  echo 'include conf.d/*.conf' >"$directory/swanctl.conf"
  rm -f "$socket"
  modprobe -q tun 2>/dev/null || true
  launch "peer-$1" env STRONGSWAN_CONF="$directory/strongswan.conf" \
    nsenter --net="$(netns "$1")" -- charon-systemd
  until_true 10 peer_answers "$1" || die "the peer $1 did not start: see $LAB/log/peer-$1.log"
  # charon shares its own route among the tunnels, and removes it with the first of them.
  route "$1" 10.10.0.0/24 dev ipsec0
  route "$1" 10.12.0.0/24 dev ipsec0
  direct "$1" 10.20.0.0/16
  direct "$1" 198.51.100.0/24
}

# direct SITE NETWORK: the LANs and the internet stay where they are. A route-based tunnel is for all addresses,
# and charon's rule for its routes has priority 220.
direct() {
  [ -n "$(ip -n "$PREFIX$1" rule list priority 219 to "$2")" ] ||
    ip -n "$PREFIX$1" rule add to "$2" lookup main priority 219
}

# The site's own keys, private/NAME.pem, and their public halves, pubkey/NAME.pem. isakmpd knows RSA alone.
ensure_site_keys() {
  mkdir -p "$1/private" "$1/pubkey"
  ensure_site_key "$1" site EC -pkeyopt ec_paramgen_curve:P-256
  ensure_site_key "$1" site-rsa RSA -pkeyopt rsa_keygen_bits:2048
}

# ensure_site_key DIRECTORY NAME ALGORITHM OPTION …
ensure_site_key() {
  local private=$1/private/$2.pem public=$1/pubkey/$2.pem algorithm=$3
  shift 3
  [ -s "$private" ] ||
    (umask 077 && openssl genpkey -quiet -algorithm "$algorithm" "$@" -out "$private.new" && mv "$private.new" "$private")
  openssl pkey -in "$private" -pubout -out "$public"
}

peer_answers() {
  STRONGSWAN_CONF=$LAB/peers/$1/strongswan.conf timeout 5 \
    "$ROOT/lab/lib/unconfined" swanctl --stats --uri "unix://$RUN/$1.vici"
}

# initiate SITE CONNECTION: with each of its children, of which IKEv1 has one for each pair of networks.
initiate() {
  local child children
  children=$(sed -n 's/^ *\(net[-0-9]*\) {$/\1/p' "$LAB/peers/$1/conf.d/$2.conf")
  [ -n "$children" ] || die "no child of $2 in $LAB/peers/$1/conf.d"
  for child in $children; do
    site_swanctl "$1" --initiate --ike "$2" --child "$child" --timeout 5
  done
}

# command_site NAME load|terminate CONNECTION|kill|start: what the other side's administrator might do, or
# what might befall it.
command_site() {
  local name=${1:-} action=${2:-}
  require_lab
  [ -e "$LAB/peers/$name/swanctl.conf" ] || die "no site $name: there are $(each_site echo | cut -d ' ' -f 1 | paste -sd ' ')"
  case $action$# in
    load2) site_swanctl "$name" --load-all --clear --file "$LAB/peers/$name/swanctl.conf" ;;
    terminate3) site_swanctl "$name" --terminate --ike "$3" --force --timeout 5 ;;
    initiate3) initiate "$name" "$3" ;;
    kill2) kill -KILL "$(pid_of "peer-$name")" ;;
    start2)
      ensure_peer "$name"
      site_swanctl "$name" --load-all --clear --file "$LAB/peers/$name/swanctl.conf"
      ;;
    *) usage >&2; exit 64 ;;
  esac
}

# It complains of every directory for certificates that is not there.
site_swanctl() {
  local directory=$LAB/peers/$1 socket=$RUN/$1.vici output
  shift
  output=$(STRONGSWAN_CONF=$directory/strongswan.conf SWANCTL_DIR=$directory \
    "$ROOT/lab/lib/unconfined" swanctl "$@" --uri "unix://$socket" 2>&1) || die "swanctl $1: ${output##*$'\n'}"
}

command_peers() {
  [ "${1:-}" = sync ] || { usage >&2; exit 64; }
  shift
  take_stack "$@"
  [ ${#REST[@]} -eq 0 ] || { usage >&2; exit 64; }
  use_lab
  export_environment
  sync_peers "$STACK"
}

# The outputs hold the keys: from pipe to 0600 files, never through an argument.
sync_peers() {
  stack_outputs "$1" --show-secrets |
    run_typescript lab/peers/sync.ts "$LAB/peers" "$RUN" "$1" "$ADMIN_KEY"
}

run_typescript() {
  local script=$1
  shift
  (cd "$ROOT" && exec node --import tsx "$script" "$@")
}
