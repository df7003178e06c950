# ---- the SAs of tunnels that are up
#
# What is dropped here is negotiated again from the same files; nothing is written. No command touches
# the SAs of another tunnel.

# connections FILE: its phase 2 in isakmpd, by ipsecctl's names. What else it prints holds the key.
connections() {
	ask ipsecctl -nvf "$1" 2>/dev/null |
		sed -n 's/^C add \[Phase 2\]:[A-Za-z-]*onnections=\([^ ]*\).*/\1/p' | sort -u
}

# isakmpd_report: every SA that isakmpd has, phase 1 too. The file is there before its words are: it is
# complete when it has some and grows no more, and empty when it stays so for a second.
isakmpd_report() {
	local tries=20 empty=10 size='' before
	rm -f "$RESULT"
	tell_isakmpd S || return 0
	while [ $((tries -= 1)) -ge 0 ] && [ $empty -gt 0 ]; do
		sleep 0.1
		[ -e "$RESULT" ] || continue
		before=$size
		size=$(wc -c <"$RESULT")
		[ -s "$RESULT" ] || { empty=$((empty - 1)); continue; }
		[ "$size" != "$before" ] || break
	done
	cat "$RESULT"
}

# find_up NAME → use of its daemon: a tunnel without SAs has none to drop.
find_up() {
	local daemon
	for daemon in iked isakmpd; do
		enabled $daemon || continue
		use $daemon
		tunnel_state "$1"
		case $STATE in
		up) running "$daemon" || fail 2 "$DIR/$1.conf" "$daemon does not run" "see gwctl state"; return ;;
		down) fail 1 "$DIR/$1.conf" "down by hand" "gwctl tunnel up $1" ;;
		disabled) fail 1 "$DIR/$1.conf" "disabled in the declaration" "enable it there" ;;
		esac
	done
	fail 1 "$DIR/$1.conf" "no such tunnel" "see gwctl state"
}

drop_iked() {	# FILE
	local id peer found=
	for id in $(header dstid "$1"); do
		! shared dstid "$id" "$1" ||
			fail 1 "$1" "another tunnel's peer has the id $id too" "give them ids of their own"
		has_sa "$id" || continue
		quiet ikectl reset id "$id" || fail 2 "$1" "not dropped" "see ikectl show sa" "$WORK/said"
		did "SA of $id dropped"
		found=1
	done
	# Until the peer has said its id, an SA can only be dropped by a reload, which keeps whole ones.
	for peer in $(header peer "$1"); do
		if [ -n "$found" ] || ! half_open "$peer"; then continue; fi
		quiet rcctl reload iked || fail 2 "$1" "not dropped" "see /var/log/daemon" "$WORK/said"
		did "unfinished SA with $peer dropped"
		found=1
	done
	[ -n "$found" ] || remark "no SA"
}

# An initiator's SA has no addresses before the first answer: it may be this peer's.
half_open() {	# PEER
	ask ikectl show sa 2>/dev/null | grep '^iked_sas:' | grep -v ' ESTABLISHED ' |
		grep -qF -e "->$1:" -e "->[$1]:" -e ' any->any<'
}

drop_isakmpd() {	# FILE
	local name peer cookies
	for name in $(connections "$1"); do
		tell_isakmpd "t $name" || fail 2 "$1" "no FIFO" "see gwctl state"
		did "phase 2 $name dropped"
	done
	for name in $(header phase1 "$1"); do
		if shared phase1 "$name" "$1"; then
			remark "phase 1 $name kept for another tunnel"
			continue
		fi
		tell_isakmpd "t main $name" && did "phase 1 $name dropped"
		# One that hangs has no name yet.
		for peer in $(header peer "$1"); do
			for cookies in $(isakmpd_report | unnamed "$peer"); do
				tell_isakmpd "d $cookies -" && did "unfinished phase 1 with $peer dropped"
			done
		done
	done
}

# unnamed PEER: of isakmpd's report, the cookies of phase 1 SAs with the peer that have no name.
unnamed() {
	awk -v peer="$1" '
	/^SA name:/ { open = /<unnamed>/ && /Phase 1/; there = 0 }
	/^src:/ { there = ($NF == peer) }
	open && there && $1 == "icookie" { print $2 $4 }'
}

# start_again [FILE…]: negotiation begins at once instead of at the daemon's next look, a minute away.
start_again() {
	local file name
	if [ "$DAEMON" = iked ]; then
		# Already active, it only starts its timer anew, 2 s (ikev2.c).
		quiet ikectl active
		return
	fi
	for file in ${1+"$@"}; do
		for name in $(connections "$file"); do tell_isakmpd "c $name" || return 1; done
	done
}

tunnel_drop() {	# restart|kill NAME
	find_up "$2"
	"drop_$DAEMON" "$DIR/$2.conf"
	[ "$1" = restart ] || return 0
	start_again "$DIR/$2.conf" || fail 2 "$DIR/$2.conf" "not started" "see gwctl state" "$WORK/said"
	did "negotiation started"
}

# each_up COMMAND…: the daemon that runs, with the files of its tunnels that are up.
each_up() {
	local daemon
	for daemon in iked isakmpd; do
		running $daemon || continue
		use $daemon
		# The names have no blanks.
		# shellcheck disable=SC2046
		"$@" $(sed -n 's/^include "\(.*\)"$/\1/p' "$MAIN" | grep -vxF "$GLOBALS")
	done
}

flush_daemon() {
	local id name
	if [ "$DAEMON" = iked ]; then
		# Each with a DELETE to its peer, then whatever is left.
		for id in $(header dstid ${1+"$@"}); do quiet ikectl reset id "$id"; done
		quiet ikectl reset sa || fail 2 "$MAIN" "not flushed" "see ikectl show sa" "$WORK/said"
	else
		tell_isakmpd T || fail 2 "$MAIN" "no FIFO" "see gwctl state"
		for name in $(header phase1 ${1+"$@"}); do tell_isakmpd "t main $name"; done
	fi
	did "every SA of $DAEMON dropped, $# tunnels will negotiate again"
}

start_daemon_tunnels() {
	[ "$DAEMON" = iked ] || ipsec_ctl -f "$MAIN" ||
		fail 2 "$MAIN" "rules not loaded" "see /var/log/daemon" "$WORK/said"
	start_again ${1+"$@"} || fail 2 "$MAIN" "not started" "see gwctl state" "$WORK/said"
	remark "negotiation started"
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
			[ "$STATE" != down ] || tunnel_apply "$name" up
		done
	done
	each_up start_daemon_tunnels
}
