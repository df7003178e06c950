# ---- live
#
# The counters, seen twice with the probes in between: those that moved show that packets crossed. Everything else
# is asked for while the probes wait for their answers.

# The words of a line may become arguments of ping(8).
probe_list() {	# FILE
	local bad
	cat >"$1"
	bad=$(grep -vE '^[a-z][a-z0-9-]* [0-9a-fA-F.:]+ [0-9a-fA-F.:]+$' "$1" | head -n 1)
	[ -z "$bad" ] || usage_error "probe $bad"
}

# The name has the process's number: what a killed run left is removed by the next.
scratch() {
	local left pid
	for left in /tmp/gwctl.*.*; do
		pid=${left#/tmp/gwctl.} pid=${pid%%.*}
		case $pid in ('' | *[!0-9]*) continue ;; esac
		[ ! -O "$left" ] || [ -h "$left" ] || kill -0 "$pid" 2>/dev/null || rm -rf "$left"
	done
	SCRATCH=$(mktemp -d /tmp/gwctl.$$.XXXXXXXXXX) || exit 1
	trap 'rm -rf "$SCRATCH"; unlock' EXIT
}

cmd_probe() {
	[ $# -eq 0 ] || usage_error "$1"
	scratch
	probe_list "$SCRATCH/list"
	pings 3 2 <"$SCRATCH/list"
}

counters() { ipsecctl -vv -s sa | sed -e '/authkey/d' -e '/enckey/d'; }

# The lines from which algorithms and ages of what is up can be told.
live_log() {
	tail -n 10000 "$ROOT/var/log/daemon" 2>/dev/null |
		grep -E 'iked\[.*(established peer|loaded SPIs|rekeyed as new)' | tail -n 3000
}

# The probes, and a second for counters to move in: also the shortest look needs it.
probes_meanwhile() {
	trap - EXIT
	sleep 1 &
	pings 3 2 <"$SCRATCH/list" >"$SCRATCH/probes"
	wait
}

cmd_live() {	# probes on standard input
	local probing
	[ $# -eq 0 ] || usage_error "$1"
	scratch
	probe_list "$SCRATCH/list"
	counters >"$SCRATCH/before"
	( probes_meanwhile ) </dev/null &
	probing=$!
	cmd_state </dev/null
	print -- "--- clock"
	date '+%s %z'
	print -- "--- log"
	live_log
	wait $probing
	print -- "--- before"
	cat "$SCRATCH/before"
	print -- "--- probes"
	cat "$SCRATCH/probes"
	print -- "--- after"
	counters
}

READS="$READS probe live"
