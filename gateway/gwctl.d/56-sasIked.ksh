# ---- iked's SAs

# address_of FILE: of the SAs that ikectl shows, on standard input, the peer's address in one with the tunnel's
# peer, or none.
address_of() {
	PEER_ID="<$(header dstid "$1")>" awk '
	(at = index($0, ENVIRON["PEER_ID"])) && !/\] (CLOSING|CLOSED) / {
		address = substr($0, 1, at - 1)
		sub(/.*->/, "", address)
		sub(/:[0-9]+$/, "", address)
		gsub(/[][]/, "", address)
	}
	END { print address == "" ? "none" : address }'
}

has_sa() {
	ask ikectl show sa 2>/dev/null | PEER_ID="<$1>" awk '
	/^iked_sas:/ && index($0, ENVIRON["PEER_ID"]) { found = 1 }
	END { exit !found }'
}

drop_iked() {	# FILE
	local id peer found='' IFS=$LINES_ONLY
	for id in $(header dstid "$1"); do
		! shared dstid "$id" "$1" ||
			fail 1 "$1" "another tunnel's peer has the id $id too" "give them ids of their own"
		# With an id that no SA has, it does nothing and says nothing.
		has_sa "$id" || continue
		quiet ikectl reset id "$id" || fail 2 "$1" "not dropped" "see ikectl show sa" "$WORK/said"
		did "SA of $id dropped"
		found=1
	done
	# Until the peer has said its id, an SA can only be dropped by a reload, which keeps whole ones. Of a peer
	# without an address nobody knows which of them is its own.
	for peer in $(header peer "$1" | grep -vx any); do
		if [ -n "$found" ] || ! half_open "$peer"; then continue; fi
		reload_iked || fail 2 "$1" "not dropped" "see /var/log/daemon" "$WORK/said"
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

# Already active, iked frees what is not whole and starts its timer anew, 2 s, instead of its next look, which
# is a minute away (ikev2.c).
ask_iked() { quiet ikectl active; }

# An SA that was dropped stays for some seconds, in a state of its own.
begun_iked() {	# FILE
	local sas id peer IFS=$LINES_ONLY
	sas=$(ask ikectl show sa 2>/dev/null | grep '^iked_sas:' | grep -vE '\] (CLOSING|CLOSED) ')
	for id in $(header dstid "$1"); do
		case $sas in (*"<$id>"*) return 0 ;; esac
	done
	for peer in $(header peer "$1"); do
		case $sas in (*"->$peer:"* | *"->[$peer]:"*) return 0 ;; esac
	done
	return 1
}

flush_iked() {	# FILE…
	local id IFS=$LINES_ONLY
	# Each with a DELETE to its peer, then whatever is left.
	for id in $(header dstid ${1+"$@"}); do quiet ikectl reset id "$id"; done
	quiet ikectl reset sa || fail 2 "$MAIN" "not flushed" "see ikectl show sa" "$WORK/said"
}
