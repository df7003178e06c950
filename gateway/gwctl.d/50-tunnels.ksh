# ---- tunnels

# tunnel_state NAME → STATE: absent, up, down (by hand), disabled (by declaration) or removed.
tunnel_state() {
	STATE=absent
	[ -e "$DIR/$1.conf" ] || return 0
	STATE=up
	[ ! -e "$DIR/$1.down" ] || read -r STATE <"$DIR/$1.down" || STATE=down
}

# main_text NAME STATE FILE [TEXT]: the main file as if NAME were in STATE with its text in FILE; TEXT is
# where that text is until it takes FILE's place.
#
# iked takes the last policy that fits what it knows of a peer, and of one that begins it knows the address
# only (policy.c). So the policies for any address come first: a peer that has an address gets its own.
main_text() {
	local any='' included
	print "# Written by gwctl: the tunnels that are up." || return 1
	if [ "$DAEMON" = iked ] && [ -e "$GLOBALS" ] && [ -z "$leave_out_globals" ]; then
		print -r -- "include \"$GLOBALS\"" || return 1
	fi
	[ "$DAEMON" != iked ] || any=$(any_peer_files "$@")
	if [ -z "$any" ]; then
		includes "$@"
		return
	fi
	included=$(includes "$@")
	[ -n "$included" ] || return 0
	print -r -- "$included" | grep -xF -e "$any"
	[ $? -lt 2 ] || return 1
	print -r -- "$included" | grep -vxF -e "$any"
	[ $? -lt 2 ]
}

# any_peer_files NAME STATE FILE [TEXT]: the include line of each tunnel whose peer may have any address.
any_peer_files() {
	local file text=${4:-$3} own=$DIR/$1.conf
	# The names have no blanks.
	# shellcheck disable=SC2013
	for file in $(grep -lxF "# gwctl peer any" "$DIR"/[a-z]*.conf "$text" 2>/dev/null); do
		case $file in
		"$text") print -r -- "include \"$3\"" ;;
		"$own") ;;
		*) print -r -- "include \"$file\"" ;;
		esac
	done
}

# includes NAME STATE FILE: the lines of the tunnels that are up.
includes() {
	local file name own=$DIR/$1.conf
	# In the order of their names, which is that of a pattern's files.
	for file in "$DIR"/[a-z]*.conf ''; do
		if [ -n "$own" ] && { [ -z "$file" ] || [[ ! $file < $own ]]; }; then
			[ "$2" != up ] || print -r -- "include \"$3\"" || return 1
			[ "$file" != "$own" ] || file=
			own=
		fi
		[ -n "$file" ] || continue
		name=${file##*/}
		tunnel_state "${name%.conf}"
		[ "$STATE" != up ] || print -r -- "include \"$file\"" || return 1
	done
}

write_main() { main_text "$@" >"$MAIN.new" && replace "$MAIN"; }

# header KEY FILE…: the values of `# gwctl KEY VALUE`, each once.
header() {
	local key=$1 file
	shift
	for file; do
		shift
		[ ! -f "$file" ] || set -- "$@" "$file"
	done
	[ $# -eq 0 ] || awk -v key="# gwctl $key " '
	index($0, key) == 1 && !seen[$0]++ { print substr($0, length(key) + 1) }' "$@"
}

# shared KEY VALUE FILE: whether a tunnel that is up, other than FILE, has the same header line.
shared() {
	local file
	# shellcheck disable=SC2013 # names without blanks
	for file in $(grep -lxF "# gwctl $1 $2" "$DIR"/[a-z]*.conf 2>/dev/null); do
		[ "$file" != "$3" ] && grep -qxF "include \"$file\"" "$MAIN" && return 0
	done
	return 1
}

# check_tunnel NAME STATE FILE: nothing on the gateway has changed yet.
check_tunnel() {
	if [ "$DAEMON" = isakmpd ]; then
		[ "$2" != up ] || { ipsec_ctl -nf "$3" && check_keys "$3"; }
		return
	fi
	main_text "$1" "$2" "$3" >"$WORK/candidate" 2>"$WORK/said" || return 1
	! has_tunnels "$WORK/candidate" || { quiet iked -n -f "$WORK/candidate" && check_key; } || return 1
	[ "$2" != up ] || { check_policy "$3" && check_keys "$3"; }
}

# activate FILE OLD OLDFILE STATE NEWFILE: just this tunnel, from one state and text to another.
activate() {
	bring_up
	case $? in (0) return 0 ;; (1) return 1 ;; esac
	"activate_$DAEMON" "$@"
}

# A reload leaves an established SA alone when its selectors and ids still fit, so that a new PSK or
# lifetime would wait for the next negotiation (iked.c, policy.c).
activate_iked() {
	local id tries=0 reset='' IFS=$LINES_ONLY
	reload_iked || return 1
	did "iked reloaded"
	[ "$2" = up ] || return 0
	[ "$4" != up ] || ! cmp -s "$3" "$5" || return 0
	for id in $(header dstid "$3" "$5"); do
		if [ "$4" = up ]; then
			has_sa "$id" || continue
			quiet ikectl reset id "$id" && did "reset id $id" || return 1
			reset=1
			continue
		fi
		shared dstid "$id" "$1" && continue
		while has_sa "$id"; do
			[ $((tries += 1)) -le 5 ] || { print "SA of $id stays" >"$WORK/said"; return 1; }
			quiet ikectl reset id "$id"
			sleep 1
		done
	done
	# Two seconds after the reload iked starts what has no SA: on a busy machine that was before the reset,
	# and the next time is a minute later.
	[ -z "$reset" ] || ask_iked
}

# isakmpd never forgets a rule by itself, and offers old phase 1 transforms beside new ones.
activate_isakmpd() {
	local peer
	if [ "$2" = up ] && { [ "$4" != up ] || ! cmp -s "$3" "$5"; }; then
		ipsec_ctl -df "$3" || return 1
		did "old rules deleted"
		phase1_text "$3" >"$WORK/phase1.old"
		phase1_text "$5" >"$WORK/phase1.new"
		for peer in $(header phase1 "$3"); do
			if [ "$4" = up ]; then
				! cmp -s "$WORK/phase1.old" "$WORK/phase1.new" || continue
			else
				! shared phase1 "$peer" "$1" || continue
			fi
			{ print -r -- "t main $peer"; print -r -- "C rms [phase1-$peer]"; } >"$WORK/tell"
			tell_isakmpd <"$WORK/tell" || return 1
			did "phase 1 of $peer ended"
		done
	fi
	[ "$4" = up ] || return 0
	ipsec_ctl -f "$5" && did "rules loaded"
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

mark() {	# NAME STATE
	case $2 in
	up | absent) discard "$DIR/$1.down" ;;
	*) print -r -- "$2" >"$DIR/$1.down.new" && replace "$DIR/$1.down" ;;
	esac
}

# tunnel_apply NAME STATE [TEXT]: TEXT is FILE.new when the tunnel gets a new text.
tunnel_apply() {
	local name=$1 state=$2 file=$DIR/$1.conf key=tunnel.$DAEMON.$1 text=${3:-$DIR/$1.conf} old checked status=2
	# A new text has to be valid also while its tunnel is down.
	checked=$state
	[ "$text" = "$file" ] || checked=up
	if [ "$state" != removed ] || enabled "$DAEMON"; then
		check_tunnel "$name" "$checked" "$text" ||
			fail 1 "$file" "refused by $DAEMON" "correct the tunnel" "$WORK/said"
	fi
	main_text "$name" "$state" "$file" "$text" >"$MAIN.new" ||
		fail 1 "$MAIN" "cannot be written" "look at its free space"
	tunnel_state "$name"
	old=$STATE
	# at_rest last: it asks for processes.
	if ! pending "$key" && [ "$old" = "$state" ] && cmp -s "$MAIN.new" "$MAIN" &&
	    { [ "$text" = "$file" ] || same_file "$text" "$file"; } && at_rest; then
		rm -f "$MAIN.new" "$file.new"
		return
	fi
	if pending "$key"; then forget_interrupted "$file" "$text"; fi
	begin "$file" "$key" "$old"
	read -r old <"$PENDING/$key"
	if switch_tunnel && activate "$file" "$old" "$file.prev" "$state" "$file"; then
		settle "$key"
		did "$name $state"
		return
	fi
	mv -f "$WORK/said" "$WORK/why"
	rm -f "$file.failed"
	ln "$file" "$file.failed"
	if write_main "$name" "$old" "$file" "$file.prev" && put_back "$file" && mark "$name" "$old" &&
	    activate "$file" "$state" "$file.failed" "$old" "$file"; then
		settle "$key"
	else
		status=3
	fi
	rm -f "$file.failed"
	fail $status "$file" "activation failed, previous tunnel restored" \
		"see /var/log/daemon" "$WORK/why"
}

# With tunnel_apply's variables: the files, in an order in which the main file never names one that
# is missing or not wanted.
switch_tunnel() {
	[ "$state" = up ] || mark "$name" "$state" || return 1
	[ "$text" = "$file" ] || replace "$file" || return 1
	[ "$state" != up ] || mark "$name" up
	replace "$MAIN"
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
	local name=$2 wanted=up daemon=$1
	case $#${3:-} in (2) ;; (3disabled) wanted=disabled ;; (*) usage_error "tunnel put" ;; esac
	check_name "$name"
	use "$daemon"
	lock
	for daemon in "$OTHER" "$DAEMON"; do
		use "$daemon"
		tunnel_state "$name"
		# Taken down by hand, it stays down when its declaration changes.
		if [ "$STATE$wanted" = downup ]; then wanted=down; fi
	done
	stage "$DIR/$name.conf" 0600
	tunnel_apply "$name" "$wanted" "$DIR/$name.conf.new"
	use "$OTHER"
	tunnel_remove "$name"
	if [ "$wanted" = down ]; then remark "down until gwctl tunnel up $name"; fi
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
		tunnel_apply "$2" "$1"
	done
	[ -n "$found" ] || fail 1 "$DIR/$2.conf" "no such tunnel" "see gwctl state"
}

cmd_tunnel() {
	local daemon
	case ${1:-}$# in
	put[34]) shift; tunnel_put "$@"; [ -n "$un" ] || acted "$2" put ;;
	remove2)
		check_name "$2"
		lock
		for daemon in iked isakmpd; do use $daemon; tunnel_remove "$2"; done
		discard "$DB/watch/$2"
		;;
	up2 | down2) check_name "$2"; lock; acted "$2" "$1"; tunnel_move "$1" "$2" ;;
	restart2 | kill2) check_name "$2"; lock; tunnel_drop "$1" "$2" ;;
	flush1) lock; acted all flush; each_up flush_daemon ;;
	start-all1) lock; acted all start-all; start_all ;;
	*) usage_error tunnel ;;
	esac
}

CHANGES="$CHANGES tunnel"

