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

# probe SOURCE TARGET
probe_once() {
	case $2 in
	*:*) ping6 -q -n -c 1 -w 1 -I "$1" "$2" ;;
	*) ping -q -n -c 1 -w 1 -I "$1" "$2" ;;
	esac </dev/null >/dev/null 2>&1
}

# The names, of the probes NAME SOURCE TARGET on standard input, whose probe is answered.
answered() {
	local name source target
	while read -r name source target; do
		case $name in ('#'* | '') continue ;; esac
		if probe_once "$source" "$target" || probe_once "$source" "$target"; then print -r -- "$name"; fi
	done
}

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
	cat >"$WORK/probes"
	rm -f "$REBOOT"
	[ -n "$always" ] || kernel_waits || return 0
	if [ -n "$window" ] && ! within "$window"; then
		remark "a patched kernel waits for a reboot within $window"
		return
	fi
	await_relink
	answered <"$WORK/probes" >"$WORK/proven"
	if ! mv -f "$WORK/proven" "$REBOOT" || ! : >"$SAME_BOOT"; then
		fail 1 "$REBOOT" "cannot be kept" "look at its directory and free space"
	fi
	sync
	# Whoever connects from now on shall reach the machine that comes up again.
	quiet rcctl stop sshd
	( exec </dev/null >/dev/null 2>&1; go_down ) &
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
	cat >"$WORK/probes"
	[ -e "$REBOOT" ] || return 0
	[ ! -e "$SAME_BOOT" ] || fail 2 /bsd "the machine did not reboot" "see /var/log/daemon"
	deadline=$(($(date +%s) + $1))
	while :; do
		answered <"$WORK/probes" | sort >"$WORK/now"
		missing=$(awk 'NR == FNR { now[$1] = 1; next } !($1 in now)' "$WORK/now" - <"$REBOOT")
		# awk takes the second file for the first one where that is empty.
		[ -s "$WORK/now" ] || missing=$(cat "$REBOOT")
		[ -n "$missing" ] || break
		[ "$(date +%s)" -lt "$deadline" ] ||
			fail 2 "$REBOOT" "not proven again within $1 s of the reboot: $(print -r -- $missing)" \
				"see gwctl state, and the peer"
		sleep 1
	done
	did "rebooted, $(uname -r), $(wc -l <"$REBOOT" | tr -d ' ') tunnels proven again"
	rm -f "$REBOOT"
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

