# ---- the routes of tunnels to the same networks
#
# Each tunnel of a group has the group's routes through its own interface, with a priority of its own: the kernel
# takes the lowest (route(8)). It never looks at SAs, so that a silent tunnel would keep what it has: the watchdog
# takes out the routes of one that is silent while another one answers, and puts them in again.
#
# The file of its interface, hostname.secN or greN, has the line `# gwctl group GROUP PRIORITY TUNNEL`, and its routes.
#
# DB/routes/TUNNEL: STATE SILENT ANSWERED SINCE REASON
#   STATE on, or off while its routes are out; SILENT looks in a row without an answer, ANSWERED those with one while
#   it is off; SINCE when STATE last changed, seconds since 1970, and the REASON.

ROUTES=$DB/routes
# The groups as the routes were last made to fit. It goes with the boot, which puts all of them in.
ROUTES_DONE=$ROOT/var/run/gwctl.routes

# grouped: lines GROUP PRIORITY TUNNEL FILE of these files, in that order; false without any.
grouped() {
	awk '/^# gwctl group / && NF == 6 { print $4, $5, $6, FILENAME }' \
		"$ROOT"/etc/hostname.@(sec|gre)*[0-9] 2>/dev/null | sort -k 1,1 -k 2,2n | grep .
}

# tunnel_of FILE: the tunnel of a group that the file of an interface is of.
tunnel_of() { sed -n 's/^# gwctl group [^ ]* [^ ]* //p' "$1" 2>/dev/null; }

# standing TUNNEL → STATE SILENT ANSWERED SINCE REASON
standing() {
	STATE=on SILENT=0 ANSWERED=0 SINCE=0 REASON=
	read -r STATE SILENT ANSWERED SINCE REASON 2>/dev/null <"$ROUTES/$1" || return 1
	case $STATE in (on | off) ;; (*) STATE=on SILENT=0 ANSWERED=0 SINCE=0 ;; esac
}

# stand TUNNEL: what standing reads.
stand() {
	mkdir -p "$ROUTES" && print -r -- "$STATE $SILENT $ANSWERED $SINCE $REASON" >"$ROUTES/$1.new" &&
		replace "$ROUTES/$1"
}

# stands_by FILE: whether the routes in the file of an interface are out.
stands_by() {
	local tunnel
	tunnel=$(tunnel_of "$1")
	[ -n "$tunnel" ] && ( standing "$tunnel" && [ "$STATE" = off ] )
}

# routes add|delete FILE: those in the file of an interface. What is so already stays.
routes() {
	sed -n "s/^!route -qn add /route -qn $1 /p" "$2" >"$WORK/routes"
	[ ! -s "$WORK/routes" ] || quiet sh "$WORK/routes"
}

# routes_before NAME FILE: before netstart(8) adds what the file says. A tunnel that is new beside one that leads to
# its networks has to be proven first. Where two change places, the one that comes first takes the other's out: of
# two routes with the same priority the kernel refuses the second.
routes_before() {
	local tunnel was line way
	tunnel=$(tunnel_of "$2")
	was=$(tunnel_of "$2.prev")
	case $was in ('' | "$tunnel") ;; (*) discard "$ROUTES/$was" ;; esac
	[ -n "$tunnel" ] || return 0
	if ! ( standing "$tunnel" ); then
		STATE=on SILENT=0 ANSWERED=0 SINCE=$(date +%s) REASON='new'
		! led_elsewhere "$1" "$2" || STATE=off REASON='new, not proven yet'
		stand "$tunnel"
	fi
	! stands_by "$2" || return 0
	grep '^!route -qn add -priority ' "$2" | while read -r line; do
		way=$(way_of "$line")
		case $way in ('' | "$1") continue ;; esac
		line=${line#'!route -qn add '}
		# shellcheck disable=SC2086 # words of our own
		quiet route -qn delete ${line% *}
	done
}

# led_elsewhere NAME FILE: whether one of the networks is routed into another tunnel.
led_elsewhere() {
	local line way
	grep '^!route -qn add -priority ' "$2" | while read -r line; do
		line=${line#'!route -qn add -priority '}
		way=$(way_of "!route -qn add ${line#* }")
		case $way in ("$1") ;; (@(sec|gre)[0-9]*) print -r -- "$way" ;; esac
	done | grep -q .
}
