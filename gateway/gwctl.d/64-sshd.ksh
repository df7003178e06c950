# ---- sshd
#
# sshd knows its settings from when it was started or reloaded, and hands them to each connection. So
# a text on trial stands in sshd_config only while sshd reads it: FILE.kept is the confirmed one then.

SSHD_PID=$ROOT/var/run/sshd.pid

# sshd -t does not see an address that cannot be bound; sshd itself ends then.
sshd_check() { quiet sshd -t -f "$1"; }

sshd_try() {
	rm -f "$TEXT.kept" "$TEXT.trial"
	ln "$TEXT" "$TEXT.kept" && ln "$1" "$TEXT.trial" && mv -f "$TEXT.trial" "$TEXT" || return 1
	if sshd_read; then
		mv -f "$TEXT.kept" "$TEXT"
	else
		print "sshd did not come back with it" >"$WORK/said"
		return 1
	fi
}

sshd_back() {
	[ ! -e "$TEXT.kept" ] || mv -f "$TEXT.kept" "$TEXT"
	sshd_read || silent rcctl restart sshd
}

# sshd_read: 0 when sshd listens with what is on disk. It writes its pid when it does (sshd(8)).
sshd_read() {
	local tries=100
	running sshd || { silent rcctl start sshd; return; }
	rm -f "$SSHD_PID"
	silent rcctl reload sshd || return 1
	until [ -s "$SSHD_PID" ]; do
		[ $((tries -= 1)) -gt 0 ] || return 1
		sleep 0.1
	done
}

sshd_same() { running sshd || { silent rcctl start sshd && did "sshd started"; }; }

# Readable by all, as the system's own.
cmd_sshd() { trial_command sshd 0644 ${1+"$@"}; }

CHANGES="$CHANGES sshd"
