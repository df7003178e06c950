# ---- live
#
# What is live, seen twice with the probes in between: counters that moved show that packets crossed.

PROBERS=64	# side by side; each process of ping takes about a megabyte
HURRY=	# more probes than that

# pings COUNT WAIT SOURCE TARGET → SENT RECEIVED RTT, or SAID where ping itself failed. The source is an address
# of this machine in the tunnel's networks: with any other the packet would not be the tunnel's (ping(8) -I).
pings() {
	local ping=ping
	case $4 in (*:*) ping=ping6 ;; esac
	SENT='' RTT=-
	SAID=$($ping -n -q -c "$1" -i 0.2 -w "$2" -I "$3" "$4" </dev/null 2>&1)
	case $SAID in
	*' packets transmitted, '*' packets received'*)
		SENT=${SAID%%' packets transmitted'*}
		SENT=${SENT##*[!0-9]}
		RECEIVED=${SAID#*' packets transmitted, '}
		RECEIVED=${RECEIVED%%' '*}
		case $SAID in (*' = '*/*)
			RTT=${SAID##*' = '}
			RTT=${RTT#*/}
			RTT=${RTT%%/*}
			;;
		esac
		;;
	esac
}

# probe NAME SOURCE TARGET: prints NAME SENT RECEIVED AVERAGE-MS|-, or NAME error WHY. A dead tunnel
# takes 2.4 s, in a hurry 3.4 s: there an answer to the first ping will do, and only silence is asked again.
probe() {
	local lost=0
	if [ -n "$HURRY" ]; then
		pings 1 1 "$2" "$3"
		if [ -n "$SENT" ] && [ "$RECEIVED" -eq 0 ]; then lost=$SENT; fi
	fi
	if [ -z "$HURRY" ] || [ "$lost" -gt 0 ]; then pings 3 2 "$2" "$3"; fi
	if [ -n "$SENT" ]; then
		print -r -- "$1 $((SENT + lost)) $RECEIVED $RTT"
	else
		print -r -- "$1 error $(print -r -- "$SAID" | tail -n 1)"
	fi
}

# prober FILE: its probes, one after the other.
prober() {
	local name source target
	while read -r name source target; do probe "$name" "$source" "$target"; done <"$1"
}

# probes FILE: NAME SOURCE TARGET in each line. Each prober has a file of its own, as the shell reads a byte at
# a time: through five hundred lines for each of them it would do little else.
probes() {
	local count number=0
	count=$(wc -l <"$1")
	# Each prober has several to do then, one after the other.
	if [ "$count" -gt $PROBERS ]; then count=$PROBERS HURRY=1; fi
	awk -v count="$count" -v list="$1" '{ print >(list "." (NR % count)) }' "$1" || return 1
	while [ $number -lt "$count" ]; do
		prober "$1.$number" >"$1.$number.said" &
		number=$((number + 1))
	done
	wait
	[ "$count" -eq 0 ] || cat "$1".*.said
}

# The words of a probe's line become arguments of ping.
probe_list() {	# FILE
	local bad
	cat >"$1"
	bad=$(grep -vE '^[a-z][a-z0-9-]* [0-9a-fA-F.:]+ [0-9a-fA-F.:]+$' "$1" | head -n 1)
	[ -z "$bad" ] || usage_error "probe $bad"
}

scratch() {
	SCRATCH=$(mktemp -d /tmp/gwctl.XXXXXXXXXX) || exit 1
	trap 'rm -rf "$SCRATCH"; unlock' EXIT
}

cmd_probe() {
	[ $# -eq 0 ] || usage_error "$1"
	scratch
	probe_list "$SCRATCH/list"
	probes "$SCRATCH/list"
}

counters() { ipsecctl -vv -s sa | sed -e '/authkey/d' -e '/enckey/d'; }

# The lines from which algorithms and ages of what is up can be told.
live_log() {
	tail -n 10000 "$ROOT/var/log/daemon" 2>/dev/null |
		grep -E 'iked\[.*(established peer|loaded SPIs|rekeyed as new)' | tail -n 3000
}

cmd_live() {	# probes on standard input
	[ $# -eq 0 ] || usage_error "$1"
	scratch
	probe_list "$SCRATCH/list"
	cmd_state </dev/null
	print -- "--- clock"
	date '+%s %z'
	print -- "--- log"
	live_log
	print -- "--- before"
	counters
	print -- "--- probes"
	# Also the shortest look needs time for counters to move in.
	sleep 1 &
	probes "$SCRATCH/list"
	wait
	print -- "--- after"
	counters
}

READS="$READS probe live"
