# ---- isakmpd's SAs
#
# What the FIFO's commands do (ui.c, connection.c, sa.c, exchange.c):
#
#   t NAME       drops the SAs of a phase 2 with a DELETE, and takes it off the list of the connections that
#                are to be up: nothing negotiates it again but c, a load of rules, or a restart
#   t main NAME  drops a phase 1, not the SAs that came of it
#   t ADDRESS    does nothing, as it looks for the port 0
#   c NAME       puts a connection on that list and checks it at once; one that is there is left alone. A
#                passive one begins by itself from then on
#   T, d         free an SA that is still being negotiated too. Its exchange frees it again when it ends, and
#                isakmpd dies: neither is ever sent
#
# An exchange that got no answer lives for two minutes, and no other of its name begins meanwhile.

# connections FILE: `active NAME` or `passive NAME` of its phase 2, by ipsecctl's names. What else it prints
# holds the key.
connections() {
	ask ipsecctl -nvf "$1" 2>/dev/null | sed -n \
		-e 's/^C add \[Phase 2\]:Connections=\([^ ]*\).*/active \1/p' \
		-e 's/^C add \[Phase 2\]:Passive-Connections=\([^ ]*\).*/passive \1/p' | sort -u
}

# isakmpd_report: every SA that isakmpd has, phase 1 too. The file is there before its words are: it is
# complete when it has some and grows no more, and empty when it stays so for a second.
isakmpd_report() {
	local tries=20 empty=10 size='' before
	rm -f "$RESULT"
	{ print S | tell_isakmpd; } 2>/dev/null || return 0
	while [ $((tries -= 1)) -ge 0 ] && [ $empty -gt 0 ]; do
		sleep 0.1
		[ -e "$RESULT" ] || continue
		before=$size
		size=$(wc -c <"$RESULT")
		[ -s "$RESULT" ] || { empty=$((empty - 1)); continue; }
		[ "$size" != "$before" ] || break
	done
	[ ! -e "$RESULT" ] || cat "$RESULT"
}

# in_exchange FILE: of a report on standard input, the SAs that are being negotiated with the tunnel's peers. As
# initiator, isakmpd has no addresses before the first answer: it may be this peer's.
in_exchange() {
	local peers
	peers=" $(header peer "$1" | tr '\n' ' ')"
	awk -v peers="$peers" '
	/^SA name:/ { open = /^SA name: <unnamed> /; there = 0 }
	/^<no transport>/ { there = 1 }
	$1 == "src:" { there = index(peers, " " $4 " ") }
	open && there && ($1 == "icookie" || $1 == "SPI")' | sort -u
}

# reported NAME PHASE: whether the report has a finished SA of that name.
reported() { grep -qF "SA name: $1 (Phase $2" "$WORK/report"; }

drop_isakmpd() {	# FILE
	local mode name found=
	[ -z "$(header certificate "$1")" ] || reread_isakmpd ||
		fail 2 "$1" "isakmpd does not read its certificates anew" "see gwctl state" "$WORK/said"
	connections "$1" >"$WORK/connections"
	[ -s "$WORK/connections" ] || fail 2 "$1" "ipsecctl does not name its connections" "see ipsecctl -nf ${1#"$ROOT"}"
	isakmpd_report >"$WORK/report"
	in_exchange "$1" <"$WORK/report" >"$WORK/unfinished"
	sed 's/^[a-z]* /t /' "$WORK/connections" >"$WORK/tell"
	while read -r mode name; do
		if reported "$name" 2; then did "phase 2 $name dropped"; found=1; fi
	done <"$WORK/connections"
	for name in $(header phase1 "$1"); do
		if shared phase1 "$name" "$1"; then
			remark "phase 1 $name kept for another tunnel"
			continue
		fi
		print -r -- "t main $name" >>"$WORK/tell"
		if reported "$name" 1; then did "phase 1 $name dropped"; found=1; fi
	done
	sed -n 's/^active /c /p' "$WORK/connections" >>"$WORK/tell"
	tell_isakmpd <"$WORK/tell" || fail 2 "$1" "isakmpd takes no commands" "see gwctl state"
	if [ -s "$WORK/unfinished" ]; then
		for name in $(header peer "$1"); do remark "unfinished phase 1 with $name left to isakmpd"; done
	elif [ -z "$found" ]; then
		remark "no SA"
	fi
}

# ask_isakmpd FILE: the active connections of its rules, those that are on the list already left alone.
ask_isakmpd() {
	connections "$1" | sed -n 's/^active /c /p' >"$WORK/tell"
	tell_isakmpd <"$WORK/tell" || { print "isakmpd takes no commands" >"$WORK/said"; return 1; }
}

# Something of the tunnel's own, or a negotiation that was not there when it was dropped.
begun_isakmpd() {	# FILE
	local mode name
	isakmpd_report >"$WORK/report"
	while read -r mode name; do
		! reported "$name" 2 || return 0
	done <"$WORK/connections"
	in_exchange "$1" <"$WORK/report" | comm -13 "$WORK/unfinished" - | grep -q .
}

flush_isakmpd() {	# FILE…
	isakmpd_report >"$WORK/report"
	{
		sed -n -e '/<unnamed>/d' -e 's/^SA name: \(.*\) (Phase 2)$/t \1/p' "$WORK/report" | sort -u
		sed -n -e '/<unnamed>/d' -e 's/^SA name: \(.*\) (Phase 1\/.*)$/t main \1/p' "$WORK/report" | sort -u
		connections "$MAIN" | sed -n 's/^active /c /p'
	} >"$WORK/tell"
	tell_isakmpd <"$WORK/tell" || fail 2 "$MAIN" "isakmpd takes no commands" "see gwctl state"
}
