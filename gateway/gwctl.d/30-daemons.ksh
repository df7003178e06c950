# ---- the IKE daemons

leave_out_globals=

use() {
	DAEMON=$1
	case $1 in
	iked)
		OTHER=isakmpd DIR=$ROOT/etc/iked MAIN=$ROOT/etc/iked.conf
		GLOBALS=$DIR/_globals.conf
		;;
	isakmpd)
		OTHER=iked DIR=$ROOT/etc/ipsec MAIN=$ROOT/etc/ipsec.conf
		GLOBALS=$ROOT/etc/isakmpd/isakmpd.conf
		;;
	*) usage_error "$1" ;;
	esac
	[ -z "$locked" ] || { [ -d "$DIR" ] && [ -d "${GLOBALS%/*}" ]; } || mkdir -p "$DIR" "${GLOBALS%/*}"
}

enabled() {
	local flags
	flags=$(rcctl get "$1" flags </dev/null 2>/dev/null) && [ "$flags" != NO ]
}
running() { rcctl check "$1" </dev/null >/dev/null 2>&1; }
has_tunnels() { grep '^include' "$1" 2>/dev/null | grep -qvF "\"$GLOBALS\""; }

# ipsecctl exits 0 for some rules that it cannot load, and says so on standard error only.
ipsec_ctl() { limited ipsecctl "$@" </dev/null >/dev/null 2>"$WORK/said" && [ ! -s "$WORK/said" ]; }

# Opened for reading too, a FIFO without a reader does not stop the writer for ever.
tell_isakmpd() { [ -p "$FIFO" ] && print -r -- "$1" 1<>"$FIFO"; }

# isakmpd knows no rule after it starts; the note survives a kill between the start and the load.
load_isakmpd() {
	local tries=100
	until [ -p "$FIFO" ]; do
		[ $((tries -= 1)) -gt 0 ] || { print "no FIFO after 10 s" >"$WORK/said"; return 1; }
		sleep 0.1
	done
	ipsec_ctl -f "$MAIN" && settle isakmpd.load
}

# rc(8) makes iked's key at the first boot and never where there is a file, which is empty after a power
# cut then; iked says so in its log only.
explain_start() {
	local key=$ROOT/etc/iked/private/local.key
	if [ "$DAEMON" = iked ] && [ -e "$key" ] && [ ! -s "$key" ]; then
		print "${key#"$ROOT"} is empty: remove it and reboot" >>"$WORK/said"
	fi
}

start_daemon() {
	if [ "$DAEMON" = isakmpd ]; then
		rm -f "$FIFO"
		: >"$PENDING/isakmpd.load"
	fi
	if ! quiet rcctl start "$DAEMON" || ! quiet rcctl check "$DAEMON"; then
		explain_start
		return 1
	fi
	did "$DAEMON started"
	[ "$DAEMON" = iked ] || load_isakmpd
}

stop_daemon() {
	running "$DAEMON" || return 0
	quiet rcctl stop "$DAEMON" && did "$DAEMON stopped"
}

# bring_up: 0 when the daemon now runs, or rests, with everything that is on disk; 1 on failure;
# 2 when it ran before and has yet to learn of the change.
bring_up() {
	enabled "$DAEMON" || { remark "$DAEMON is not enabled"; return 0; }
	has_tunnels "$MAIN" || { stop_daemon; return; }
	running "$DAEMON" || { start_daemon; return; }
	! pending isakmpd.load || [ "$DAEMON" = iked ] || load_isakmpd || return 1
	return 2
}

at_rest() {
	[ "$DAEMON" = iked ] || ! pending isakmpd.load || return 1
	enabled "$DAEMON" || return 0
	if has_tunnels "$MAIN"; then running "$DAEMON"; else ! running "$DAEMON"; fi
}

cmd_ike() {
	local key status=2
	[ $# -eq 1 ] || usage_error ike
	use "$1"
	lock
	use "$1"
	key=ike.$DAEMON
	stage "$GLOBALS" 0600
	check_globals || fail 1 "$GLOBALS" "refused by $DAEMON" "correct the settings" "$WORK/said"
	main_text '' '' '' >"$MAIN.new" || fail 1 "$MAIN" "cannot be written" "look at its free space"
	if ! pending "$key" && same_file "$GLOBALS.new" "$GLOBALS" && cmp -s "$MAIN.new" "$MAIN" &&
	    at_rest; then
		rm -f "$GLOBALS.new" "$MAIN.new"
		return
	fi
	begin "$GLOBALS" "$key" ''
	if mv -f "$GLOBALS.new" "$GLOBALS" && write_main '' '' '' && activate_globals; then
		settle "$key"
		did "$DAEMON settings"
		return
	fi
	mv -f "$WORK/said" "$WORK/why"
	[ -e "$GLOBALS.prev" ] || leave_out_globals=1
	if write_main '' '' '' && put_back "$GLOBALS" && activate_globals; then
		settle "$key"
	else
		status=3
	fi
	fail $status "$GLOBALS" "activation failed, previous settings restored" "correct them" "$WORK/why"
}

# iked refuses a configuration without a policy; the one made up here is never loaded.
check_globals() {
	[ "$DAEMON" = iked ] || return 0
	{
		cat "$GLOBALS.new" && print 'ikev2 passive from 192.0.2.1 to 192.0.2.2'
	} >"$WORK/candidate" 2>"$WORK/said" || return 1
	quiet iked -n -f "$WORK/candidate"
}

activate_globals() {
	bring_up
	case $? in (0) return 0 ;; (1) return 1 ;; esac
	if [ "$DAEMON" = iked ]; then
		quiet rcctl reload iked && quiet rcctl check iked
	else
		quiet rcctl stop isakmpd && start_daemon
	fi
}

CHANGES="$CHANGES ike"

