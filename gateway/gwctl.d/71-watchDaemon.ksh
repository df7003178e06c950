# ---- the watchdog: a daemon that died
#
# DB/watch/.DAEMON: STREAK STARTS LAST NEXT REASON
#   STREAK starts since it last ran through its back-off; STARTS ever; LAST start and the NEXT that is allowed,
#   seconds since 1970; REASON what came of the last one.

# An apply may have stopped it for a moment, or for good.
watch_revive() {
	dead || exit $CAME_BACK
	revive
}

# watch_daemon: of the daemon in use, which runs, or is to and does not.
watch_daemon() {	# RUNS
	local streak=0 starts=0 last=0 next=0 reason='' status file=$DB/watch/.$DAEMON
	read -r streak starts last next reason 2>/dev/null <"$file" || [ -z "$1" ] || return 0
	[ "$NOW" -ge "$next" ] || return 0
	if [ -n "$1" ]; then
		[ "$streak" -gt 0 ] || return 0
		streak=0
	else
		watch_locked watch_revive
		status=$?
		[ $status -ne $CAME_BACK ] || return 0
		backoff "$streak"
		streak=$((streak + 1)) starts=$((starts + 1)) last=$NOW next=$((NOW + WAIT))
		reason="$DAEMON did not run: started"
		[ $status -eq 0 ] || reason="$DAEMON does not run: $(head -n 1 "$DB/watch/.said")"
		watch_log "$reason"
	fi
	print -r -- "$streak $starts $last $next $reason" >"$file.new" && replace "$file"
}
