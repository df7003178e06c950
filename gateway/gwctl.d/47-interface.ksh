# ---- an interface
#
# `gwctl put` runs this for hostname.NAME, and holds the lock. An interface that is destroyed and made anew has
# another index, and iked goes on with the one that it saw when it read its rules: so it is changed in place.
# netstart(8) ends with 0 whatever ifconfig(8) and route(8) end with: what they should have done is read back.

cmd_interface() {	# NAME
	local name=${1:-} file made=
	[ $# -eq 1 ] || usage_error interface
	case $name in ('' | *[!a-z0-9]* | [!a-z]* | *[!0-9]) usage_error "interface $name" ;; esac
	file=$ROOT/etc/hostname.$name
	scratch
	WORK=$SCRATCH
	if ask ifconfig "$name" >/dev/null 2>&1; then
		[ ! -e "$file.prev" ] || interface_forget "$name" "$file.prev" "$file"
	else
		made=1
	fi
	routes_before "$name" "$file"
	quiet sh "$ROOT/etc/netstart" "$name"
	ask ifconfig "$name" >"$WORK/is" 2>/dev/null
	interface_lacks "$name" <"$file" >"$WORK/lacks"
	if [ -s "$WORK/lacks" ]; then
		print -r -u2 -- "$name has not got what ${file#"$ROOT"} gives it: $(tr '\n' ' ' <"$WORK/lacks")"
		cat "$WORK/said" >&2
		exit 1
	fi
	! stands_by "$file" || routes delete "$file"
	[ -z "$made" ] || interface_renewed "$name"
}

# interface_forget NAME OLD NEW: routes and addresses that are not wanted any more; netstart only adds.
interface_forget() {
	grep -vxFf "$3" "$2" | sed -n \
		-e 's/^!route -qn add /route -qn delete /p' \
		-e "s#^\(inet6*\) \([^ /]*\).*#ifconfig $1 \1 \2 delete#p" | sort -r >"$WORK/forget"
	[ ! -s "$WORK/forget" ] || quiet sh "$WORK/forget"
}

# interface_lacks NAME: those lines of hostname.NAME, on standard input, of which NAME has nothing; $WORK/is
# is what ifconfig says of it.
interface_lacks() {
	local name=$1 line
	while read -r line; do
		case $line in ('!route -qn add '*) interface_leads "$name" "$line" || print -r -- "$line"; continue ;; esac
		# Words of our own, without patterns.
		# shellcheck disable=SC2086
		set -- $line
		case $1 in
		inet) grep -qF "	inet ${2%%/*} " "$WORK/is" ;;
		# The system may write it in another way.
		inet6) grep '	inet6 ' "$WORK/is" | grep -qvF '	inet6 fe80:' ;;
		# The words that follow are the system's own.
		tunnel) grep -qF "	tunnel: inet $2 --> $3 " "$WORK/is" ;;
		dest) grep -qF -e " --> $2 " "$WORK/is" ;;
		mtu) grep -q "^$name: .* mtu $2\$" "$WORK/is" ;;
		up) grep -q "^$name: flags=[0-9a-f]*<UP[,>]" "$WORK/is" ;;
		*) continue ;;
		esac || print -r -- "$line"
	done
}

# A route that the watchdog has taken out is not missed.
interface_leads() {	# NAME LINE: !route -qn add [-priority N] -inet NETWORK GATEWAY [-reject]
	local to=$1
	! stands_by "$ROOT/etc/hostname.$1" || return 0
	case $2 in (*' -reject') to=lo0 ;; esac
	[ "$(way_of "${2%' -reject'}")" = "$to" ]
}

# way_of LINE: the interface of the route that there is to the line's network, with the line's priority if it has one.
way_of() {
	local words=${1#'!route -qn add '}
	# The router at its end is left out.
	# shellcheck disable=SC2086
	ask route -n get ${words% *} 2>/dev/null | sed -n 's/^ *interface: //p'
}

interface_renewed() {	# NAME
	use iked
	cat "$DIR"/[a-z]*.conf 2>/dev/null | grep -qE "(^|[[:blank:]])iface $1( |\$)" && running iked || return 0
	reload_iked || { cat "$WORK/said" >&2; exit 1; }
}

READS="$READS interface"
