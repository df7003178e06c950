# ---- peers that are given by name
#
# The text of such a tunnel is sent with the name wherever the peer's address stands, and is kept with an address
# in its place: both daemons look a name up when they load it and never again (parse.y host_dns), and one name
# without an answer has iked refuse all its tunnels. So a boot needs no name server, and another address is
# another text of one tunnel. `# gwctl name HOST inet|inet6 ADDRESS…` has the gateway's own addresses, which no
# answer is taken for.
#
# A name that never had an answer has NOBODY's address, and its tunnel is `unresolved`, which is as good as down.
# The address in use is changed by the watchdog alone. What it last saw is in DB/names/NAME: HOST SEEN TIMES REASON
#   SEEN another answer than the address in use, and how many TIMES in a row; or - and 0

# Addresses for documentation (RFC 5737, RFC 3849), which are nobody's.
nobody() {	# FAMILY
	case $1 in (inet6) print 2001:db8::1 ;; (*) print 192.0.2.1 ;; esac
}

# Seconds that a look-up may take. A second name server is asked after five.
LOOK_SECONDS=8

# Lines NAME ADDRESS: what the names of those tunnels were answered with.
ANSWERS=
# The gateway's own addresses, and those that this run gives to other tunnels.
HERE=
TAKEN=

# named FILE → HOST FAMILY SELVES PEER; false where the peer is not given by name.
named() {
	local line
	HOST='' FAMILY='' SELVES='' PEER=
	[ -f "$1" ] || return 1
	while read -r line; do
		case $line in
		"# gwctl name "*)
			line=${line#\# gwctl name }
			HOST=${line%% *} line=${line#* }
			FAMILY=${line%% *}
			SELVES=" ${line#"$FAMILY"} "
			;;
		"# gwctl peer "*) PEER=${line#\# gwctl peer } ;;
		"# gwctl "*) ;;
		ike*) break ;;
		esac
	done <"$1"
	[ -n "$HOST" ]
}

# with_peer OLD NEW: the text on standard input with NEW in each place where the renderer writes the peer's address.
with_peer() {
	awk -v old="$1" -v new="$2" '
	$0 == "# gwctl peer " old { $0 = "# gwctl peer " new }
	index($0, "# gwctl phase1 peer-" old "-local-") == 1 {
		$0 = "# gwctl phase1 peer-" new substr($0, length("# gwctl phase1 peer-" old) + 1)
	}
	/^[ \t]/ && $1 == "local" && $3 == "peer" && $4 == old {
		at = index($0, " peer " old)
		$0 = substr($0, 1, at + 5) new substr($0, at + 6 + length(old))
	}
	{ print }'
}

# named_files: the files of the tunnels whose peers are given by name.
named_files() { grep -l '^# gwctl name ' "$DIR"/[a-z]*.conf 2>/dev/null; }

name_of() {	# FILE
	local name=${1##*/}
	print -r -- "${name%.conf}"
}

# look_up NAME HOST: lines NAME ADDRESS, of both families.
look_up() {
	bounded $LOOK_SECONDS getent hosts "$2" 2>/dev/null </dev/null | awk -v name="$1" '{ print name, $1 }'
}

# unfit ADDRESS FILE → UNFIT: why this answer cannot be the peer of that tunnel, of which `named` was asked. With
# iked peers at one address are told apart by their identities; isakmpd knows them by their addresses alone.
unfit() {
	UNFIT=
	[ -n "$HERE" ] || HERE=" $(ifconfig |
		awk '$1 == "inet" || $1 == "inet6" { sub(/%.*/, "", $2); print $2 }' | tr '\n' ' ')"
	case $1 in
	"$(nobody "$FAMILY")" | 0.* | 127.* | 169.254.* | 22[4-9].* | 23[0-9].* | 24[0-9].* | 25[0-5].* | \
	    :: | ::1 | ::ffff:* | fe[89ab]?:* | ff??:*)
		UNFIT="$1 is no host's address"
		;;
	*)
		case $HERE$SELVES in (*" $1 "*) UNFIT="$1 is this gateway's own address" ;; esac
		if [ "$DAEMON" = isakmpd ]; then
			case $TAKEN in (*" $1 "*) UNFIT="$1 is another tunnel's peer" ;; esac
			! shared peer "$1" "$2" || UNFIT="$1 is another tunnel's peer"
		fi
		;;
	esac
	[ -n "$UNFIT" ]
}

# answer_of NAME → FOUND: the answer to go by, empty where none fits, and WHY that is. What is in use stays while it
# is among the answers, and what was SEEN last is not left for another: many servers turn the order.
answer_of() {
	local address all=' ' other=
	FOUND='' WHY=
	for address in $(print -r -- "$ANSWERS" | awk -v name="$1" '$1 == name { print $2 }'); do
		case "$FAMILY $address" in
		"inet6 "*:* | "inet "[0-9]*.*.*.*) ;;
		*) other=$address; continue ;;
		esac
		if unfit "$address" "$DIR/$1.conf"; then
			WHY="$HOST: $UNFIT, and not taken"
			continue
		fi
		all="$all$address "
		[ -n "$FOUND" ] || FOUND=$address
	done
	case $all in
	*" $PEER "*) FOUND=$PEER ;;
	*" $SEEN "*) FOUND=$SEEN ;;
	esac
	if [ -n "$FOUND" ]; then
		WHY=
	elif [ -z "$WHY" ]; then
		WHY="no name server has an address of $HOST"
		[ -z "$other" ] || case $FAMILY in
		inet6) WHY="$HOST has IPv4 addresses only, and this gateway's is IPv6" ;;
		*) WHY="$HOST has IPv6 addresses only, and this gateway's is IPv4" ;;
		esac
	fi
}

# known NAME HOST FAMILY → PEER: the address that the tunnel has for that name by now, or none.
known() {
	local file host=$2 family=$3 selves=$SELVES found=
	for file in "$ROOT/etc/$DAEMON/$1.conf" "$ROOT/etc/iked/$1.conf" "$ROOT/etc/ipsec/$1.conf"; do
		if named "$file" && [ "$HOST $FAMILY" = "$host $family" ] && [ "$PEER" != "$(nobody "$family")" ]; then
			found=$PEER
			break
		fi
	done
	HOST=$host FAMILY=$family SELVES=$selves PEER=$found
}

# locate NAME TEXT STATE → TO: what the tunnel with that text is to be, and its peer's address in $WORK/at.NAME.
locate() {
	local SEEN=-
	TO=$3
	named "$2" || return 0
	known "$1" "$HOST" "$FAMILY"
	if [ -z "$PEER" ]; then
		answer_of "$1"
		PEER=$FOUND
		note_name "$1" - 0 "$WHY"
		[ -n "$PEER" ] || [ "$TO" != up ] || TO=unresolved
	fi
	TAKEN="$TAKEN$PEER "
	print -r -- "${PEER:-$(nobody "$FAMILY")}" >"$WORK/at.$1"
}

# ask_names NAME:TEXT… → ANSWERS: of the names that `locate` has to have one for, all at once.
ask_names() {
	local each texts='' named=
	for each; do
		texts="$texts ${each#*:}"
		! named "${each#*:}" || named="$named $each"
	done
	[ -n "$named" ] || return 0
	# The names have no blanks.
	# shellcheck disable=SC2086
	TAKEN=" $(header peer $texts | tr '\n' ' ')"
	ANSWERS=$(
		for each in $named; do
			named "${each#*:}"
			known "${each%%:*}" "$HOST" "$FAMILY"
			[ -n "$PEER" ] || look_up "${each%%:*}" "$HOST" &
		done
		wait
	)
}

# stage_text: of a member, with the address that `locate` has found in place of its peer's name.
stage_text() {
	local address
	if ! named "$ENTRY/text"; then
		stage "$FILE" 0600 <"$ENTRY/text"
		return
	fi
	if ! read -r address 2>/dev/null <"$WORK/at.$NAME" ||
	    ! with_peer "$HOST" "$address" <"$ENTRY/text" >"$WORK/placed"; then
		fail 1 "$FILE" "cannot be written" "look at the free space of $DB"
	fi
	stage "$FILE" 0600 <"$WORK/placed"
}

note_name() {	# NAME SEEN TIMES REASON
	local is="$HOST $2 $3 $4" was=
	read -r was 2>/dev/null <"$DB/names/$1"
	[ "$is" != "$was" ] || return 0
	mkdir -p "$DB/names" && print -r -- "$is" >"$DB/names/$1.new" && replace "$DB/names/$1"
}

# raise NAME: up, with an address where its peer is given by name.
raise() {
	local file=$DIR/$1.conf address
	if ! named "$file" || [ "$PEER" != "$(nobody "$FAMILY")" ]; then
		tunnel_apply "$1" up
		return
	fi
	ANSWERS=$(look_up "$1" "$HOST")
	locate "$1" "$file" up
	read -r address <"$WORK/at.$1"
	move_peer "$1" "$address" "$TO"
}

# move_peer NAME ADDRESS STATE: the same tunnel with another address of its peer.
move_peer() {
	local file=$DIR/$1.conf
	named "$file" || return 0
	if [ "$PEER" = "$2" ]; then
		tunnel_apply "$1" "$3"
	else
		with_peer "$PEER" "$2" <"$file" >"$WORK/moved" ||
			fail 1 "$file" "cannot be written" "look at the free space of $DB"
		stage "$file" 0600 <"$WORK/moved"
		tunnel_apply "$1" "$3" .new
	fi
	[ "$3" != unresolved ] || remark "$HOST has no address yet"
}

# ---- what is said of them

# name_sums: of the texts of such tunnels, the sum of what was sent in place of what is there.
name_sums() {
	local daemon file
	for daemon in iked isakmpd; do
		use $daemon
		for file in $(named_files); do
			named "$file" && print -r -- "$(with_peer "$PEER" "$HOST" <"$file" | sha256 -q) $file"
		done
	done
}

# state_names: NAME HOST ADDRESS|- REASON
state_names() {
	local daemon file name host rest reason
	for daemon in iked isakmpd; do
		case $services in (*"$daemon on "*) ;; (*) continue ;; esac
		use $daemon
		for file in $(named_files); do
			named "$file" || continue
			name=$(name_of "$file")
			[ "$PEER" != "$(nobody "$FAMILY")" ] || PEER=-
			host='' rest='' reason=
			read -r host rest 2>/dev/null <"$DB/names/$name"
			# What comes after SEEN and TIMES, if anything.
			case $host in ("$HOST") reason=${rest#* }; reason=${reason#"${reason%% *}"} ;; esac
			print -r -- "$name $HOST $PEER$reason"
		done
	done
}
