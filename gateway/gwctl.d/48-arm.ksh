# ---- an arm: an interface of the gateway's own, and the default route
#
# `gwctl put` runs these for hostname.NAME and mygate, and holds the lock. The connection that asks for a change
# may go through what is changed: where its address here would go, or its answers leave by another way, the
# change is refused or undone at once, and put restores the text. Only what the interface lacks is set: netstart(8)
# sets the first address anew, and for that moment takes the routes on it away.

cmd_arm() {	# NAME | remove NAME
	local name remove='' file before lines aliases
	[ "${1:-}" != remove ] || { remove=1; shift; }
	name=${1:-}
	[ $# -eq 1 ] || usage_error arm
	case $name in ('' | *[!a-z0-9]* | [!a-z]* | *[!0-9]) usage_error "arm $name" ;; esac
	file=$ROOT/etc/hostname.$name
	[ -z "$remove" ] || lock
	scratch
	WORK=$SCRATCH
	before=$(way_back)
	ask ifconfig "$name" >"$WORK/is" 2>/dev/null || : >"$WORK/is"
	if [ -n "$remove" ]; then arm_remove "$name" "$file" "$before"; return; fi

	arm_lacks "$name" <"$file" >"$WORK/lacks"
	arm_gone "$file.prev" "$file" >"$WORK/gone"
	arm_spares "$name" "$file" "$before" "$WORK/lacks" "$WORK/gone"
	arm_delete "$name" <"$WORK/gone"
	lines=$(grep -c . "$WORK/lacks")
	aliases=$(grep -c '^inet6* alias ' "$WORK/lacks")
	if [ "$lines" -ne "$aliases" ]; then
		# vlan(4) takes another parent or tag only while it is down.
		! grep -q '^vnetid ' "$WORK/lacks" || [ ! -s "$WORK/is" ] || quiet ifconfig "$name" down
		quiet sh "$ROOT/etc/netstart" "$name"
	elif [ "$lines" -gt 0 ]; then
		sed -e 's/^\(inet alias [^ ]*\) /\1 netmask /' -e 's/^\(inet6 alias [^ ]*\) /\1 prefixlen /' \
		    -e "s/^/ifconfig $name /" "$WORK/lacks" >"$WORK/add"
		quiet sh "$WORK/add"
	fi
	if [ -n "$before" ] && [ "$(way_back)" != "$before" ]; then
		arm_gone "$file" "$file.prev" | arm_delete "$name"
		arm_refuse "$name" "the answers of this connection would leave by $(way_back)instead of $before"
	fi
	ask ifconfig "$name" >"$WORK/is" 2>/dev/null || : >"$WORK/is"
	arm_lacks "$name" <"$file" >"$WORK/lacks"
	if [ -s "$WORK/lacks" ]; then
		print -r -u2 -- "$name has not got what ${file#"$ROOT"} gives it: $(tr '\n' ' ' <"$WORK/lacks")"
		[ ! -e "$WORK/said" ] || cat "$WORK/said" >&2
		exit 1
	fi
}

arm_refuse() {	# NAME REASON
	print -r -u2 -- "$1: $2: change it on the console, or connect by another interface"
	exit 1
}

# way_back: interface and router by which this connection's answers leave; nothing without a connection.
way_back() {
	# shellcheck disable=SC2086 # words without blanks: client, its port, our address, our port
	set -- ${SSH_CONNECTION:-}
	[ $# -eq 4 ] || return 0
	ask route -n get "$1" 2>/dev/null | sed -n -e 's/^ *interface: //p' -e 's/^ *gateway: //p' | sort -r | tr '\n' ' '
}

# arm_addresses FILE: its addresses, each with its family.
arm_addresses() {
	[ ! -e "$1" ] || sed -n -e 's/ alias / /' -e 's/^\(inet6*\) \([^ ]*\).*/\1 \2/p' "$1"
}

# arm_gone OLD NEW: the addresses of OLD that NEW has not.
arm_gone() {
	local line
	arm_addresses "$2" >"$WORK/kept"
	arm_addresses "$1" | while read -r line; do
		grep -qxF -e "$line" "$WORK/kept" || print -r -- "$line"
	done
}

arm_delete() {	# NAME, and addresses on standard input
	local family address
	while read -r family address; do quiet ifconfig "$1" "$family" "$address" delete; done
}

# arm_spares NAME FILE BEFORE LACKS GONE: refuses to touch the address that this connection came to.
arm_spares() {
	local own
	# shellcheck disable=SC2086 # words without blanks: client, its port, our address, our port
	set -- "$@" ${SSH_CONNECTION:-}
	[ $# -eq 9 ] || return 0
	own=$8
	grep -qF "	inet $own " "$WORK/is" || grep -qF "	inet6 $own " "$WORK/is" || return 0
	grep -qxF -e "inet $own" -e "inet6 $own" "$5" ||
		grep -qvE '^inet6* alias ' "$4" || return 0
	arm_refuse "$1" "this connection came to $own there"
}

# arm_lacks NAME: those lines of hostname.NAME, on standard input, that $WORK/is does not show.
arm_lacks() {
	local name=$1 line
	while read -r line; do
		# Words of our own, without patterns.
		# shellcheck disable=SC2086
		set -- $line
		[ "${2:-}" != alias ] || set -- "$1" "$3" "$4"
		case $1 in
		inet) grep -qF "	inet $2 netmask $3" "$WORK/is" ;;
		inet6) grep -qF "	inet6 $2 prefixlen $3" "$WORK/is" ;;
		vnetid) grep -qF "vnetid $2 parent $4" "$WORK/is" ;;
		up) grep -q "^$name: flags=[0-9a-f]*<UP[,>]" "$WORK/is" ;;
		*) continue ;;
		esac || print -r -- "$line"
	done
}

arm_remove() {	# NAME FILE BEFORE
	arm_addresses "$2" >"$WORK/gone"
	arm_spares "$1" "$2" "$3" /dev/null "$WORK/gone"
	case $3 in ("$1 "*) arm_refuse "$1" "the answers of this connection leave by it" ;; esac
	case $1 in
	vlan*) [ ! -s "$WORK/is" ] || quiet ifconfig "$1" destroy ;;
	*) arm_delete "$1" <"$WORK/gone" ;;
	esac
	discard "$2" "$2.prev"
}

# The default route is the one of mygate(5). That of the other family, which the file had before, goes: at the next
# boot there would be none.
cmd_gate() {
	local wanted old='' now left before family was
	[ $# -eq 0 ] || usage_error gate
	scratch
	WORK=$SCRATCH
	read -r wanted <"$ROOT/etc/mygate"
	[ ! -s "$ROOT/etc/mygate.prev" ] || read -r old <"$ROOT/etc/mygate.prev"
	family=$(gate_family "$wanted") was=$(gate_family "$old")
	now=$(gate_now "$family")
	left=$old
	[ "$was" != "$family" ] && [ "$(gate_now "$was")" = "$old" ] || left=
	[ "$now" != "$wanted" ] || [ -n "$left" ] || return 0
	before=$(way_back)
	[ "$now" = "$wanted" ] || gate_set "$family" "$now" "$wanted"
	[ -z "$left" ] || gate_set "$was" "$left" ''
	if [ -n "$before" ] && [ "$(way_back)" != "$before" ]; then
		[ -z "$left" ] || gate_set "$was" '' "$left"
		[ "$now" = "$wanted" ] || gate_set "$family" "$wanted" "$now"
		arm_refuse "default route" "the answers of this connection leave by it"
	fi
	if [ "$(gate_now "$family")" != "$wanted" ]; then
		print -r -u2 -- "the default route does not lead to $wanted"
		[ ! -e "$WORK/said" ] || cat "$WORK/said" >&2
		exit 1
	fi
}

gate_family() { case $1 in (*:*) echo -inet6 ;; (*) echo -inet ;; esac; }

# One that leads nowhere (hostname.enc0) is none.
gate_now() {
	ask route -n get "$1" default 2>/dev/null | sed -n 's/^ *gateway: //p' | grep -vxF -e 127.0.0.1 -e ::1
}

gate_set() {	# FAMILY OLD NEW
	if [ -z "$3" ]; then
		quiet route -qn delete "$1" default "$2"
	elif [ -z "$2" ]; then
		quiet route -qn add "$1" default "$3"
	else
		quiet route -qn change "$1" default "$3"
	fi
}

READS="$READS arm gate"
