# ---- tunnels

# joined FILE… → JOINED: one file with all their texts.
joined() {
	JOINED=$1
	[ $# -gt 1 ] || return 0
	JOINED=$WORK/joined
	cat "$@" >"$JOINED" 2>"$WORK/said"
}

# check_tunnels MEMBER…: nothing on the gateway has changed yet. A new text has to be valid also while its tunnel
# is down.
check_tunnels() {
	local each up='' loaded=
	for each; do
		member "$each"
		[ "$TO" != up ] || loaded="$loaded $STAGED"
		[ "$STAGED" = "$FILE" ] && [ "$TO" != up ] || up="$up $STAGED"
	done
	# The names have no blanks.
	# shellcheck disable=SC2086
	[ -z "$up" ] || joined $up || return 1
	if [ "$DAEMON" = isakmpd ]; then
		[ -z "$up" ] || ipsec_ctl -nf "$JOINED" || return 1
	else
		main_text checked "$@" >"$WORK/candidate" 2>"$WORK/said" || return 1
		! has_tunnels "$WORK/candidate" || { quiet iked -n -f "$WORK/candidate" && check_key; } || return 1
		[ -z "$up" ] || check_policy "$JOINED" || return 1
	fi
	# Each by itself, as most have none.
	for each in $up; do check_keys "$each" || return 1; done
	# A disabled tunnel is there before its certificate, which all tunnels share.
	# shellcheck disable=SC2086 # as above
	[ -z "$loaded" ] || [ -z "$(header certificate $loaded)" ] || check_certificate || return 1
}

# refuse STATUS PATH WHAT FIX → BLAME…: why nothing, or nothing any more, is changed.
refuse() {
	BLAME=$2 WHAT=$3 FIX=$4
	return "$1"
}

# change MEMBER…: tunnels that change together: checked once, activated once, and all of them or none. CHANGED
# are the names of those that were not as they should be already. Its status is that of fail, and so are BLAME,
# WHAT and FIX, with the daemon's words in $WORK/why.
change() {
	local each same='' other='' begun='' note status=2
	CHANGED=' ' OWN=
	: >"$WORK/why"
	member "$1"
	if [ "$TO" != removed ] || enabled "$DAEMON"; then
		check_tunnels "$@" || {
			mv -f "$WORK/said" "$WORK/why"
			member "$1"
			refuse 1 "$FILE" "refused by $DAEMON" "correct the tunnel"
			return
		}
	fi
	for each; do
		member "$each"
		tunnel_state "$NAME"
		if ! pending "$NOTE" && [ "$STATE" = "$TO" ] &&
		    { [ "$STAGED" = "$FILE" ] || { [ -e "$FILE" ] && same_file "$STAGED" "$FILE"; }; }; then
			same="$same $each"
		else
			other="$other $each"
		fi
	done
	# at_rest last: it asks for processes.
	if [ -n "$same" ]; then
		if main_text | cmp -s - "$MAIN" && at_rest; then
			for each in $same; do
				member "$each"
				discard "$FILE.new"
			done
		else
			other="$same $other"
		fi
	fi
	[ -n "$other" ] || return 0
	# The words have no blanks.
	# shellcheck disable=SC2086
	set -- $other
	main_text after "$@" >"$MAIN.new" || {
		refuse 1 "$MAIN" "cannot be written" "look at its free space"
		return
	}
	for each; do
		member "$each"
		if pending "$NOTE"; then forget_interrupted "$FILE" "$STAGED"; else begun="$begun $NOTE"; fi
		tunnel_state "$NAME"
		keep_aside "$FILE" "$NOTE" "$STATE" || {
			for note in $begun; do settle "$note"; done
			refuse 1 "$FILE" "cannot be kept aside" "look at its directory and free space"
			return
		}
	done
	if switch_tunnels "$@" && { [ "$TO" != removed ] || note_removal; } && activate forth "$@"; then
		for each; do
			member "$each"
			CHANGED="$CHANGED$NAME "
			settle "$NOTE"
		done
		return 0
	fi
	mv -f "$WORK/said" "$WORK/why"
	go_back "$@" || status=3
	member "$1"
	refuse $status "$FILE" "activation failed, previous tunnel restored" "see /var/log/daemon"
}

mark() {	# NAME STATE
	case $2 in
	up | absent) discard "$DIR/$1.down" ;;
	*) print -r -- "$2" >"$DIR/$1.down.new" && replace "$DIR/$1.down" ;;
	esac
}

# The files, in an order in which the main file never names one that is missing or not wanted.
switch_tunnels() {
	local each
	for each; do
		member "$each"
		[ "$TO" = up ] || mark "$NAME" "$TO" || return 1
		[ "$STAGED" = "$FILE" ] || replace "$FILE" || return 1
		[ "$TO" != up ] || mark "$NAME" up || return 1
	done
	replace "$MAIN"
}

go_back() {	# MEMBER…
	local each status=0
	for each; do
		member "$each"
		discard "$FILE.failed"
		[ ! -e "$FILE" ] || ln "$FILE" "$FILE.failed"
	done
	write_main before "$@" && put_each_back "$@" && activate back "$@" || status=1
	for each; do
		member "$each"
		[ $status -ne 0 ] || settle "$NOTE"
		rm -f "$FILE.failed"
	done
	return $status
}

put_each_back() {
	local each old
	for each; do
		member "$each"
		read -r old <"$PENDING/$NOTE"
		put_back "$FILE" && mark "$NAME" "$old" || return 1
	done
}

# tunnel_apply NAME STATE [.new]: .new when the tunnel gets the new text that is staged. The run ends if it fails.
tunnel_apply() {
	change "$1:$2:${3:-}" || fail $? "$BLAME" "$WHAT" "$FIX" "$WORK/why"
	applied "$1" "$2"
}

applied() {	# NAME STATE
	case $CHANGED in (*" $1 "*) ;; (*) return 0 ;; esac
	remark_own "$1"
	did "$1 $2"
}

# An interrupted run may have activated a text that is neither the previous nor the new one.
forget_interrupted() {
	[ -e "$1" ] && ! cmp -s "$1" "$2" && running "$DAEMON" || return 0
	local id IFS=$LINES_ONLY
	if [ "$DAEMON" = isakmpd ]; then
		ipsec_ctl -df "$1"
	else
		for id in $(header dstid "$1"); do ! has_sa "$id" || quiet ikectl reset id "$id"; done
	fi
}

tunnel_put() {
	local daemon=$1 wanted=up
	case $#${3:-} in (2) ;; (3disabled) wanted=disabled ;; (*) usage_error "tunnel put" ;; esac
	check_name "$2"
	use "$daemon"
	wait_in_line "$2" "$wanted"
	lock
	if has_answer; then deliver; else lead; fi
	exit "${ANSWER:-1}"
}

# leftovers NAME: whether the daemon has anything of the tunnel.
leftovers() {
	local file
	for file in "$DIR/$1".* "$PENDING/tunnel.$DAEMON.$1"; do [ ! -e "$file" ] || return 0; done
	return 1
}

tunnel_remove() {
	local file=$DIR/$1.conf
	leftovers "$1" || return 0
	if [ -e "$file" ]; then tunnel_apply "$1" removed; fi
	rm -f "$file" "$file.prev" "$file.new" "$file.failed"
	rm -f "$DIR/$1.down" "$PENDING/tunnel.$DAEMON.$1"
}

check_name() {
	case $1 in ('' | [!a-z]* | *[!a-z0-9-]*) usage_error "tunnel name $1" ;; esac
	[ ${#1} -le 31 ] || usage_error "tunnel name $1"
}

tunnel_move() {	# up|down NAME
	local daemon found=
	for daemon in iked isakmpd; do
		use $daemon
		tunnel_state "$2"
		case $1$STATE in
		*absent | *removed) continue ;;
		*disabled) fail 1 "$DIR/$2.conf" "disabled in the declaration" "enable it there" ;;
		esac
		found=1
		case $1 in (up) raise "$2" ;; (*) tunnel_apply "$2" "$1" ;; esac
	done
	[ -n "$found" ] || fail 1 "$DIR/$2.conf" "no such tunnel" "see gwctl state"
}

cmd_tunnel() {
	local daemon
	case ${1:-}$# in
	put[34]) shift; tunnel_put "$@" ;;
	remove2)
		check_name "$2"
		lock
		for daemon in iked isakmpd; do use $daemon; tunnel_remove "$2"; done
		discard "$DB/watch/$2" "$DB/names/$2" "$DB/proposals/$2" "$ROUTES/$2"
		;;
	up2 | down2) check_name "$2"; lock; acted "$2" "$1"; tunnel_move "$1" "$2" ;;
	restart2 | kill2) check_name "$2"; lock; tunnel_drop "$1" "$2" ;;
	flush1) lock; acted all flush; each_up flush_daemon ;;
	start-all1) lock; acted all start-all; start_all ;;
	*) usage_error tunnel ;;
	esac
}

CHANGES="$CHANGES tunnel"

