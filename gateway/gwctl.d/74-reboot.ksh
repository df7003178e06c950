# ---- reboot
#
# `begin` runs over one connection and `end` over a later one. $DB/reboot holds, from the one to the
# other, the names of the tunnels that carried a probe before; the mark below /var/run is gone after
# the next boot, as rc(8) empties that directory.

REBOOT=$DB/reboot
SAME_BOOT=$ROOT/var/run/gwctl.boot

# within HH:MM-HH:MM, by the clock of this machine, also over midnight.
within() {
	local now from to
	now=$(date +%H:%M) from=${1%-*} to=${1#*-}
	if [[ $from < $to || $from = "$to" ]]; then
		[[ ! $now < $from && ! $now > $to ]]
	else
		[[ ! $now < $from || ! $now > $to ]]
	fi
}

# The names, sorted, of the tunnels in a list NAME SOURCE TARGET that answered. False when that could
# not be told of each: no room for what they answered.
answered() {
	pings 3 2 2>/dev/null <"$1" >"$1-told"
	[ "$(wc -l <"$1-told")" -eq "$(wc -l <"$1")" ] || return 1
	answered_names <"$1-told" | sort
}

reboot_probes() {
	{ cat >"$WORK/sent"; } 2>/dev/null || not_kept
	whole "$REBOOT" "$WORK/sent"
	grep -v '^#' "$WORK/sent" 2>/dev/null >"$WORK/probes"
	[ $? -le 1 ] || not_kept
}

not_kept() { fail 1 "$REBOOT" "cannot be kept" "look at its directory and free space"; }

reboot_begin() {
	local always='' window=''
	while [ $# -gt 0 ]; do
		case $1 in
		--always) always=1 ;;
		--window) window=${2:-}; shift ;;
		*) usage_error "$1" ;;
		esac
		shift
	done
	lock
	reboot_probes
	rm -f "$REBOOT"
	[ -n "$always" ] || kernel_waits || return 0
	if [ -n "$window" ] && ! within "$window"; then
		remark "a patched kernel waits for a reboot within $window"
		return
	fi
	await_relink
	if ! answered "$WORK/probes" 2>/dev/null >"$WORK/proven" || ! to_disk "$WORK/proven" ||
	    ! mv -f "$WORK/proven" "$REBOOT" ||
	    ! : >"$SAME_BOOT"; then
		not_kept
	fi
	# First, so that sshd is never off without a process that will start it again.
	( exec </dev/null >/dev/null 2>&1; go_down ) &
	# Whoever connects from now on shall reach the machine that comes up again.
	quiet rcctl stop sshd
	did "reboots"
}

# Should the machine stay up, it must be reachable again.
go_down() {
	trap - EXIT INT TERM
	trap '' HUP PIPE
	sleep 1
	shutdown -r now
	sleep 180
	rcctl start sshd
	logger -t gwctl -p daemon.warning "reboot: the machine did not go down"
}

reboot_end() {	# SECONDS
	local deadline missing
	lock
	reboot_probes
	[ -e "$REBOOT" ] || return 0
	[ ! -e "$SAME_BOOT" ] || fail 2 /bsd "the machine did not reboot" "see /var/log/daemon"
	deadline=$(($(date +%s) + $1))
	while :; do
		answered "$WORK/probes" >"$WORK/now"
		# comm(1) wants both sorted.
		missing=$(comm -13 "$WORK/now" "$REBOOT" | tr '\n' ' ')
		[ -n "$missing" ] || break
		[ "$(date +%s)" -lt "$deadline" ] ||
			fail 2 "$REBOOT" "not proven again within $1 s of the reboot: ${missing% }" \
				"see gwctl state, and the peer"
		sleep 1
	done
	did "rebooted, $(uname -r), $(wc -l <"$REBOOT" | tr -d ' ') tunnels proven again"
	rm -f "$REBOOT"
}

# The watchdog's part, should go_down have been killed too.
overdue_reboot() {
	[ -n "$(find "$SAME_BOOT" -mmin +4 2>/dev/null)" ] || return 0
	running sshd || { silent rcctl start sshd && logger -t gwctl -p daemon.warning "reboot: sshd is back"; }
}

cmd_reboot() {
	case ${1:-} in
	begin) shift; reboot_begin ${1+"$@"} ;;
	end)
		case $#${2:-} in (2[1-9] | 2[1-9][0-9] | 2[1-9][0-9][0-9]) ;; (*) usage_error "reboot end" ;; esac
		reboot_end "$2"
		;;
	*) usage_error reboot ;;
	esac
}

CHANGES="$CHANGES reboot"

