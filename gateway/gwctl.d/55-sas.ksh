# ---- the SAs of tunnels that are up
#
# What is dropped here is negotiated again from the same files; nothing is written. No command touches
# the SAs of another tunnel. What each daemon needs for that is in 56-sasIked and 57-sasIsakmpd.

# find_up NAME → use of its daemon: a tunnel without SAs has none to drop.
find_up() {
	local daemon
	for daemon in iked isakmpd; do
		enabled $daemon || continue
		use $daemon
		tunnel_state "$1"
		case $STATE in
		up) return ;;
		down) fail 1 "$DIR/$1.conf" "down by hand" "gwctl tunnel up $1" ;;
		disabled) fail 1 "$DIR/$1.conf" "disabled in the declaration" "enable it there" ;;
		unresolved) fail 1 "$DIR/$1.conf" "the name of its peer has no address" "see gwctl state" ;;
		esac
	done
	fail 1 "$DIR/$1.conf" "no such tunnel" "see gwctl state"
}

passive() { grep -qE '^(ikev2 ("[^"]*" )?|ike )passive ' "$1"; }	# FILE

# tunnel_drop restart|kill NAME [unseen]: unseen does not wait for the negotiation to be there.
tunnel_drop() {
	local file
	find_up "$2"
	acted "$2" "$1"
	file=$DIR/$2.conf
	if ! running "$DAEMON"; then
		[ "$1" = restart ] || fail 2 "$file" "$DAEMON does not run" "gwctl tunnel restart $2 starts it"
		revive
		return
	fi
	"drop_$DAEMON" "$file"
	[ "$1" = restart ] || return 0
	# isakmpd was told together with what it drops.
	[ "$DAEMON" = isakmpd ] || ask_iked || fail 2 "$file" "not started" "see gwctl state" "$WORK/said"
	if passive "$file"; then
		remark "the peer begins, as the tunnel is passive"
	elif [ -z "${3:-}" ]; then
		await_negotiation "$file"
	fi
}

# Said only when the daemon shows it: isakmpd does not begin while an earlier attempt has not ended.
await_negotiation() {	# FILE
	local tries=6
	until "begun_$DAEMON" "$1"; do
		[ $((tries -= 1)) -gt 0 ] || {
			remark "still trying: $DAEMON has not begun anew yet, and does so by itself"
			return 0
		}
		sleep 1
	done
	did "negotiation started"
}

# each_up COMMAND…: the daemon that is to run, with the files of its tunnels that are up.
each_up() {
	local daemon
	for daemon in iked isakmpd; do
		use $daemon
		has_tunnels "$MAIN" || continue
		running $daemon || enabled $daemon || continue
		# The names have no blanks.
		# shellcheck disable=SC2046
		"$@" $(sed -n 's/^include "\(.*\)"$/\1/p' "$MAIN" | grep -vxF "$GLOBALS")
	done
}

flush_daemon() {	# FILE…
	running "$DAEMON" || fail 2 "$MAIN" "$DAEMON does not run" "gwctl tunnel start-all starts it"
	"flush_$DAEMON" ${1+"$@"}
	did "every SA of $DAEMON dropped, $# tunnels will negotiate again"
}

start_daemon_tunnels() {
	if ! running "$DAEMON"; then
		revive
		return
	fi
	[ "$DAEMON" = iked ] || ipsec_ctl -f "$MAIN" ||
		fail 2 "$MAIN" "rules not loaded" "see /var/log/daemon" "$WORK/said"
	"ask_$DAEMON" "$MAIN" || fail 2 "$MAIN" "not started" "see gwctl state" "$WORK/said"
	remark "$DAEMON negotiates what has no SA; passive tunnels wait for their peers"
}

start_all() {
	local daemon file name
	for daemon in iked isakmpd; do
		enabled $daemon || continue
		use $daemon
		for file in "$DIR"/[a-z]*.conf; do
			name=${file##*/}
			name=${name%.conf}
			tunnel_state "$name"
			[ "$STATE" != down ] || raise "$name"
		done
	done
	each_up start_daemon_tunnels
}
