# ---- one run at a time

locked=

# A dead run's pid may be another program's by now.
alive() { pgrep -f gwctl | grep -qxF "$1"; }

# take LINK: a symbolic link is made and read in one step each, so that no lock is ever half-made.
# Only the holder of LINK.PID may remove the LINK of the dead process PID: two runs that find the
# same stale lock cannot remove each other's new one.
take() {
	local holder pid
	ln -s "$$ $ME" "$1" 2>/dev/null && return 0
	holder=$(readlink "$1") || return 1
	pid=${holder%% *}
	[ "$pid" != $$ ] && alive "$pid" && return 1
	take "$1.$pid" || return 1
	[ "$(readlink "$1")" != "$holder" ] || rm -f "$1"
	rm -f "$1.$pid"
	return 1
}

# Told apart from a lock that somebody holds, and before anything is touched.
writable() {
	{ [ -d "$PENDING" ] && [ -d "$ROOT/var/run" ]; } || mkdir -p "$PENDING" "$ROOT/var/run" 2>/dev/null
	( : >"$DB/writable" ) 2>/dev/null || {
		print -r -u2 -- "gwctl: ${DB#"$ROOT"}: cannot be written: look at the file system and its free space"
		exit 1
	}
}

# What those that wait read an empty line from when the lock is free. A processor that is slow with new
# processes would spend more on their looking every moment than on the work that they wait for.
TURN=$DB/turn

# Nobody has to write: one that waits is woken by itself too. A line without readers is lost.
await_turn() {
	local line
	[ -p "$TURN" ] || mkfifo "$TURN" 2>/dev/null || [ -p "$TURN" ] || { sleep 0.2; return; }
	( exec </dev/null >/dev/null 2>&1; trap - EXIT; sleep 1; print 1<>"$TURN" ) &
	read -r line <>"$TURN"
}

lock() {
	local patience=${GWCTL_LOCK_SECONDS:-60} since=$SECONDS looked=-9 holder='' last=
	writable
	# To look at the holder takes processes, which the many that wait would take away from it. As long
	# as one holder follows the other, it is a queue and nothing hangs.
	until { [ ! -h "$LOCK" ] || [ $((SECONDS - looked)) -ge 3 ]; } && take "$LOCK"; do
		if [ $((SECONDS - looked)) -ge 3 ]; then
			looked=$SECONDS
			holder=$(readlink "$LOCK")
			[ "$holder" = "$last" ] || since=$SECONDS last=$holder
		fi
		if [ $((SECONDS - since)) -gt "$patience" ]; then
			print -r -u2 -- "gwctl: $LOCK: held by process $holder" \
				"for more than ${GWCTL_LOCK_SECONDS:-60} s: wait for it, or end it"
			exit 1
		fi
		await_turn
	done
	locked=1
	rm -rf "$WORK"
	mkdir "$WORK" || exit 1
	recover_trials
}

unlock() {
	[ -n "$locked" ] || return 0
	rm -rf "$WORK"
	rm -f "$LOCK"
	[ ! -p "$TURN" ] || print 1<>"$TURN"
}

