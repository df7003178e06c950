# ---- the watchdog: which of the tunnels to the same networks carries
#
# By proof alone: SAs stay for minutes at a peer that is gone. A look is three packets from one end of the tunnel's own
# interface to the other, which go by no other tunnel. A tunnel is silent after two looks of which nothing came back,
# some 6 seconds, and its routes are in again after it answered thirty looks in a row, about a minute. Where nobody
# answers all stays as it is.

LOOK_PAUSE=1
LOOKS_SILENT=2
LOOKS_PROVEN=30

# No lock is taken, as an apply may hold it for minutes. All that is changed is the record of who
# carries, which only this run writes, and the routes that gwctl interface leaves to it.
watch_routes() {
	local daemon members answers group last='' name priority file now
	members=$(grouped) || { discard "$ROUTES_DONE"; return 0; }
	for daemon in iked isakmpd; do
		enabled $daemon || continue
		use $daemon
		break
	done
	answers=" $(watched | answering_looks | tr '\n' ' ')"
	# What was not sent says nothing.
	! removed_meanwhile || return 0
	now=$(date +%s)
	print -r -- "$members" | while read -r group priority name file; do
		[ "$group" != "$last" ] || continue
		last=$group
		# shellcheck disable=SC2046 # names without blanks
		watch_group "$group" $(print -r -- "$members" | awk -v group="$group" '$1 == group { print $3 }')
	done
	fit_routes "$members"
}

answering_looks() { pings 3 1 | answered_names; }

# watch_group GROUP TUNNEL…: in the order of their priorities; with watch_routes' variables.
watch_group() {
	local group=$1 name was able='' ready='' on='' first='' taken=''
	shift
	for name; do
		standing "$name"
		was="$STATE $SILENT $ANSWERED"
		look "$name"
		[ "$STATE $SILENT $ANSWERED" = "$was" ] || stand "$name"
		[ "$STATE" = off ] || on=1
		if [ "$SILENT" -lt $LOOKS_SILENT ] && { [ "$STATE" = on ] || [ "$ANSWERED" -ge $LOOKS_PROVEN ]; }; then
			able=1
			case $answers in (*" $name "*) ready=1 ;; esac
		fi
		[ -n "$first" ] || [ "$ANSWERED" -eq 0 ] || first=$name
	done
	if [ -n "$ready" ]; then
		for name; do
			standing "$name"
			if [ "$STATE" = off ] && [ "$ANSWERED" -ge $LOOKS_PROVEN ]; then
				set_routes on "$name" "answered $LOOKS_PROVEN looks in a row"
			fi
		done
		taken=1
	elif [ -z "$able" ] && [ -n "$first" ]; then
		set_routes on "$first" "answers, and no other tunnel does"
		taken=1
	elif [ -z "$on" ]; then
		set_routes on "$1" "no tunnel answers"
	fi
	[ -n "$taken" ] || return 0
	for name; do
		standing "$name"
		if [ "$STATE" = on ] && [ "$SILENT" -ge $LOOKS_SILENT ]; then
			set_routes off "$name" "silent, and another tunnel answers"
		fi
	done
}

# look NAME: with the variables of standing. One that is down or rests does not carry at once.
look() {
	case $answers in
	*" $1 "*)
		SILENT=0
		if [ "$STATE" = off ]; then
			[ "$ANSWERED" -ge $LOOKS_PROVEN ] || ANSWERED=$((ANSWERED + 1))
		fi
		return
		;;
	esac
	ANSWERED=0
	[ "$SILENT" -ge $LOOKS_SILENT ] || SILENT=$((SILENT + 1))
	( tunnel_state "$1"; [ "$STATE" = up ] ) || SILENT=$LOOKS_SILENT
}

set_routes() {	# on|off TUNNEL REASON
	standing "$2"
	STATE=$1 SINCE=$now REASON=$3 ANSWERED=0
	[ "$1" = off ] || SILENT=0
	stand "$2"
	watch_log "group $group: $2 $1: $3"
}

# fit_routes MEMBERS: also after a boot, and after a run that was killed between its record and its routes. What comes
# in comes first.
fit_routes() {
	local wanted group priority name file verb
	wanted=$(print -r -- "$1" | while read -r group priority name file; do
		standing "$name"
		print -r -- "$group $priority $name $file $STATE"
	done)
	[ "$(cat "$ROUTES_DONE" 2>/dev/null)" != "$wanted" ] || return 0
	scratch
	WORK=$SCRATCH
	for verb in add delete; do
		print -r -- "$wanted" | while read -r group priority name file STATE; do
			case $verb$STATE in (addon | deleteoff) routes $verb "$file" ;; esac
		done
	done
	print -r -- "$wanted" >"$ROUTES_DONE.new" && replace "$ROUTES_DONE"
}
