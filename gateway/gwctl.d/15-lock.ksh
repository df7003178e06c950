# ---- one run at a time

locked=

# The process that holds what is taken; in the background it is another one than $$.
SELF=$$

# alive PID WORDS: a dead run's pid may be another program's by now, or that of another run of gwctl. One with
# the same words is none too many: it finds its own pid in the lock, and takes it.
alive() {
	local words
	words=$(print -r -- "$2" | sed -e 's/ *$//' -e 's/[][\.*^$+?(){}|]/\\&/g')
	pgrep -f "gwctl( --bytes [0-9]+)? $words" | grep -qxF "$1"
}

# take LINK: a symbolic link is made and read in one step each, so that no lock is ever half-made.
# Only the holder of LINK.PID may remove the LINK of the dead process PID: two runs that find the
# same stale lock cannot remove each other's new one.
take() {
	local holder pid
	ln -s "$SELF $ME" "$1" 2>/dev/null && return 0
	holder=$(readlink "$1") || return 1
	pid=${holder%% *}
	[ "$pid" != "$SELF" ] && alive "$pid" "${holder#* }" && return 1
	take "$1.$pid" || return 1
	[ "$(readlink "$1")" != "$holder" ] || rm -f "$1"
	rm -f "$1.$pid"
	return 1
}

# Distinguished from a lock that another run holds, and before anything is touched.
writable() {
	{ [ -d "$PENDING" ] && [ -d "$QUEUE/taken" ] && [ -d "$QUEUE/wait" ] && [ -d "$ROOT/var/run" ]; } ||
		mkdir -p "$PENDING" "$QUEUE/taken" "$QUEUE/wait" "$ROOT/var/run" 2>/dev/null
	{ print -n >"$DB/writable"; } 2>/dev/null || {
		print -r -u2 -- "gwctl: ${DB#"$ROOT"}: cannot be written: look at the file system and its free space"
		exit 1
	}
}

lock() {
	local patience=$((${GWCTL_LOCK_SECONDS:-60} * 5)) tries=0 holder='' last=
	writable
	# To look at the holder takes processes, which the many that wait would take away from it. As long
	# as one holder follows the other, it is a queue and nothing hangs.
	until { [ ! -h "$LOCK" ] || [ $((tries % 15)) -eq 0 ]; } && take "$LOCK"; do
		# Whoever had the lock did this run's work too.
		! has_answer || return 0
		if [ $((tries % 15)) -eq 0 ]; then
			holder=$(readlink "$LOCK")
			[ "$holder" = "$last" ] || tries=0 last=$holder
		fi
		if [ $((tries += 1)) -gt $patience ] && withdraw; then
			print -r -u2 -- "gwctl: $LOCK: held by process $holder" \
				"for more than ${GWCTL_LOCK_SECONDS:-60} s: wait for it, or end it"
			exit 1
		fi
		sleep 0.2
	done
	locked=1
	[ ! -e "$WORK" ] || rm -rf "$WORK"
	mkdir "$WORK" || exit 1
	sweep
	recover_trials
}

unlock() {
	[ -z "$ID" ] || rm -rf "$QUEUE/.$ID" "$QUEUE/wait/$ID" "$QUEUE/taken/$ID"
	[ -n "$locked" ] || return 0
	# In this order: with the lock gone, the directory is another run's.
	rm -rf "$WORK" "$LOCK"
}

