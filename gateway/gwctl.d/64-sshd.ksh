# ---- sshd
#
# sshd knows its settings from when it was started or reloaded, and hands them to each connection. So
# a text on trial stands in sshd_config only while sshd reads it: FILE.kept is the confirmed one then.

SSHD_PID=$ROOT/var/run/sshd.pid

# sshd -t does not see an address that cannot be bound; sshd itself ends then.
sshd_check() {
	local flag
	for flag in $(rcctl get sshd flags </dev/null 2>/dev/null); do
		case $flag in (-[fop]*)
			print "sshd_flags of rc.conf.local has $flag, which counts instead of this text" >"$WORK/said"
			return 1
			;;
		esac
	done
	quiet sshd -t -f "$1"
}

sshd_off() { ! running sshd; }

sshd_try() {
	discard "$TEXT.kept" "$TEXT.trial"
	to_disk "$1" && ln "$TEXT" "$TEXT.kept" && ln "$1" "$TEXT.trial" && mv -f "$TEXT.trial" "$TEXT" || return 1
	if sshd_read; then
		mv -f "$TEXT.kept" "$TEXT"
	else
		print "sshd did not come back with it" >"$WORK/said"
		return 1
	fi
}

sshd_back() {
	INSTEAD='sshd does not listen'
	[ ! -e "$TEXT.kept" ] || mv -f "$TEXT.kept" "$TEXT"
	if [ -e "$OFF" ]; then
		sshd_off || silent rcctl stop sshd
	else
		sshd_read || silent rcctl restart sshd
	fi
}

# sshd_read: 0 when sshd listens with what is on disk. It writes its pid when it does (sshd(8)).
sshd_read() {
	local tries=100
	rm -f "$SSHD_PID"
	if running sshd; then
		silent rcctl reload sshd
	else
		# Also where the next boot does not start it.
		silent rcctl -f start sshd
	fi || return 1
	until [ -s "$SSHD_PID" ]; do
		[ $((tries -= 1)) -gt 0 ] || return 1
		sleep 0.1
	done
}

# Another sshd, elsewhere, lets in whom this text may lock out.
sshd_proven() {
	# shellcheck disable=SC2086 # words without blanks: client, its port, our address, our port
	set -- ${SSH_CONNECTION:-}
	[ $# -eq 4 ] && ask sshd -T -f "$TEXT.new" >"$WORK/settings" 2>/dev/null || return 0
	awk '$1 == "listenaddress" { print $2 }' "$WORK/settings" |
		grep -qxF -e "$3:$4" -e "[$3]:$4" -e "0.0.0.0:$4" -e "[::]:$4" ||
		fail 1 "$TEXT" "this connection came to port $4 of $3, where the text does not listen" \
			"confirm over a connection to sshd with this text"
}

sshd_same() { ! sshd_off || remark "sshd is not running"; }

# Readable by all, as the system's own.
cmd_sshd() { trial_command sshd 0644 ${1+"$@"}; }

CHANGES="$CHANGES sshd"
