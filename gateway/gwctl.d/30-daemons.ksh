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
has_tunnels() {
	local line
	while read -r line; do
		case $line in (*"\"$GLOBALS\""*) ;; (include*) return 0 ;; esac
	done 2>/dev/null <"$1"
	return 1
}

# ipsecctl exits 0 for some rules that it cannot load, and says so on standard error only.
ipsec_ctl() { limited ipsecctl "$@" </dev/null >/dev/null 2>"$WORK/said" && [ ! -s "$WORK/said" ]; }

# Commands for isakmpd on standard input. The FIFO of one that was killed is still there, and takes in what
# nobody will read. Opened for reading too, it does not keep the writer waiting for a reader.
tell_isakmpd() {
	[ -p "$FIFO" ] && running isakmpd && limited cat 1<>"$FIFO"
}

# isakmpd knows no rule after it starts; the note survives a kill between the start and the load.
load_isakmpd() {
	local tries=100
	until [ -p "$FIFO" ]; do
		[ $((tries -= 1)) -gt 0 ] || { print "no FIFO after 10 s" >"$WORK/said"; return 1; }
		sleep 0.1
	done
	ipsec_ctl -f "$MAIN" || return 1
	running isakmpd || { print "isakmpd ended when it had its rules" >"$WORK/said"; return 1; }
	settle isakmpd.load
}

# reread_isakmpd: it reads its certificates and lists anew, and forgets those of peers that it believed once: the key
# of such a one is good to it without another look (x509.c x509_cert_insert). It forgets its rules as well; what is
# up stays up (init.c reinit).
reread_isakmpd() {
	: >"$PENDING/isakmpd.load"
	if ! print R | tell_isakmpd 2>"$WORK/said"; then
		[ -s "$WORK/said" ] || print "isakmpd takes no commands" >"$WORK/said"
		return 1
	fi
	load_isakmpd
}

KEY=$ROOT/etc/iked/private/local.key
key_checked=

# check_key: iked ends at its start and at each reload unless it can read a key of its own, which it does not
# need for PSKs, and `iked -n` does not look at it. rc(8) makes one at boot where there is no file.
check_key() {
	[ -z "$key_checked" ] || return 0
	# With a pass phrase that is asked for, iked does not read it either.
	if quiet openssl pkey -noout -passin pass: -in "$KEY"; then
		key_checked=1
		return 0
	fi
	print -r -- "iked would end: ${KEY#"$ROOT"} is missing, or no private key:" \
		"remove the file and reboot, which makes a new one, or put the right one there" >"$WORK/said"
	return 1
}

reload_iked() {
	check_key && quiet rcctl reload iked && quiet rcctl check iked
}

start_daemon() {
	load_bypasses || return 1
	if [ "$DAEMON" = isakmpd ]; then
		rm -f "$FIFO"
		: >"$PENDING/isakmpd.load"
	else
		check_key || return 1
	fi
	quiet rcctl start "$DAEMON" && quiet rcctl check "$DAEMON" || return 1
	did "$DAEMON started"
	bypasses_after_start || return 1
	[ "$DAEMON" = iked ] || load_isakmpd
}

# dead: the daemon is to run, with at least one tunnel, and does not.
dead() { has_tunnels "$MAIN" && ! running "$DAEMON" && enabled "$DAEMON"; }

# revive: a daemon that died is started, with everything that is on disk.
revive() {
	start_daemon || fail 2 "$MAIN" "$DAEMON did not run, and does not start" "see /var/log/daemon" "$WORK/said"
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
	main_text >"$MAIN.new" || fail 1 "$MAIN" "cannot be written" "look at its free space"
	if ! pending "$key" && same_file "$GLOBALS.new" "$GLOBALS" && cmp -s "$MAIN.new" "$MAIN" &&
	    at_rest; then
		rm -f "$GLOBALS.new" "$MAIN.new"
		return
	fi
	begin "$GLOBALS" "$key" ''
	if replace "$GLOBALS" && write_main && activate_globals; then
		settle "$key"
		did "$DAEMON settings"
		return
	fi
	mv -f "$WORK/said" "$WORK/why"
	[ -e "$GLOBALS.prev" ] || leave_out_globals=1
	if write_main && put_back "$GLOBALS" && activate_globals; then
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
	quiet iked -n -f "$WORK/candidate" && check_key
}

activate_globals() {
	bring_up
	case $? in (0) return 0 ;; (1) return 1 ;; esac
	if [ "$DAEMON" = iked ]; then
		reload_iked
	else
		quiet rcctl stop isakmpd && start_daemon
	fi
}

CHANGES="$CHANGES ike"

