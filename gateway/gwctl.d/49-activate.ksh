# ---- tunnels from one state and text to another

# turn forth|back MEMBER → what member gives, and FROM, FROMTEXT: from one state and text to the other.
turn() {
	member "$2"
	read -r FROM <"$PENDING/$NOTE"
	FROMTEXT=$FILE.prev
	[ "$1" = back ] || return 0
	FROMTEXT=$FROM FROM=$TO TO=$FROMTEXT FROMTEXT=$FILE.failed
}

# What was done for one of several tunnels; of all of them it is in the notes.
OWN=
did_own() {
	un=
	OWN="$OWN$LINES_ONLY$NAME $1"
}

# remark_own NAME
remark_own() {
	local rest=$OWN
	while [ "$rest" != "${rest#*"$LINES_ONLY$1 "}" ]; do
		rest=${rest#*"$LINES_ONLY$1 "}
		remark "${rest%%"$LINES_ONLY"*}"
	done
}

# activate forth|back MEMBER…: these tunnels and no other.
activate() {
	load_bypasses || return 1
	bring_up
	case $? in
	0) ;;
	1) return 1 ;;
	*) "activate_$DAEMON" "$@" || return 1 ;;
	esac
	drop_bypasses
}

# A reload leaves an established SA alone when its selectors and ids still fit, so that a new PSK or
# lifetime would wait for the next negotiation (iked.c, policy.c).
activate_iked() {
	local way=$1 each id tries reset='' IFS=$LINES_ONLY
	shift
	reload_iked || return 1
	did "iked reloaded"
	for each; do
		turn "$way" "$each"
		[ "$FROM" = up ] || continue
		[ "$TO" != up ] || ! cmp -s "$FROMTEXT" "$FILE" || continue
		tries=0
		for id in $(header dstid "$FROMTEXT" "$FILE"); do
			if [ "$TO" = up ]; then
				has_sa "$id" || continue
				quiet ikectl reset id "$id" && did_own "reset id $id" || return 1
				reset=1
				continue
			fi
			shared dstid "$id" "$FILE" && continue
			while has_sa "$id"; do
				[ $((tries += 1)) -le 5 ] || { print "SA of $id stays" >"$WORK/said"; return 1; }
				quiet ikectl reset id "$id"
				sleep 1
			done
		done
	done
	# Two seconds after the reload iked starts what has no SA: on a busy machine that was before the reset,
	# and the next time is a minute later.
	[ -z "$reset" ] || ask_iked
}

# isakmpd never forgets a rule by itself, and offers old phase 1 transforms beside new ones.
activate_isakmpd() {
	local way=$1 each peer old='' new='' ended=
	shift
	: >"$WORK/tell"
	for each; do
		turn "$way" "$each"
		[ "$TO" != up ] || new="$new $FILE"
		[ "$FROM" = up ] || continue
		[ "$TO" != up ] || ! cmp -s "$FROMTEXT" "$FILE" || continue
		old="$old $FROMTEXT"
		phase1_text "$FROMTEXT" >"$WORK/phase1.old"
		phase1_text "$FILE" >"$WORK/phase1.new"
		for peer in $(header phase1 "$FROMTEXT"); do
			if [ "$TO" = up ]; then
				! cmp -s "$WORK/phase1.old" "$WORK/phase1.new" || continue
			else
				! shared phase1 "$peer" "$FILE" || continue
			fi
			case " $ended " in (*" $peer "*) continue ;; esac
			ended="$ended $peer"
			{ print -r -- "t main $peer"; print -r -- "C rms [phase1-$peer]"; } >>"$WORK/tell"
		done
	done
	# The names have no blanks.
	# shellcheck disable=SC2086
	if [ -n "$old" ]; then
		joined $old && ipsec_ctl -df "$JOINED" || return 1
		did "old rules deleted"
	fi
	if [ -n "$ended" ]; then
		tell_isakmpd <"$WORK/tell" || return 1
		for peer in $ended; do did "phase 1 of $peer ended"; done
	fi
	[ -n "$new" ] || return 0
	# shellcheck disable=SC2086
	joined $new && ipsec_ctl -f "$JOINED" && did "rules loaded"
}

# What a tunnel's rules say about phase 1: everything but selectors, phase 2 and tag.
phase1_text() {
	sed -e '/^[[:space:]]*#/d' -e 's/\\$//' "$1" | tr '\t' ' ' | tr -s ' ' '\n' | awk '
	$0 == "ike" { print rule; rule = "" }
	/^(ike|local|peer|main|aggressive|srcid|dstid|psk|rsa)$/ { keep = 1 }
	/^(proto|from|to|quick|tag)$/ { keep = 0 }
	keep { rule = rule " " $0 }
	END { print rule }' | sort -u
}

