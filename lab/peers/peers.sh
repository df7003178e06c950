#!/usr/bin/env bash
# The remote sites: a strongSwan with ESP in user space for each, configured from the stack.

ensure_peers() { each_site ensure_peer; }

# ensure_peer NAME …
ensure_peer() {
  local directory=$LAB/peers/$1 socket=$RUN/$1.vici
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
}

peer_answers() {
  STRONGSWAN_CONF=$LAB/peers/$1/strongswan.conf timeout 5 \
    "$ROOT/lab/lib/unconfined" swanctl --stats --uri "unix://$RUN/$1.vici"
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
    run_typescript lab/peers/sync.ts "$LAB/peers" "$RUN" "$1"
}

run_typescript() {
  local script=$1
  shift
  (cd "$ROOT" && exec node --import tsx "$script" "$@")
}
