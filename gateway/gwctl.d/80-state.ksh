# ---- state

state_files() {
	local file
	set --
	for file in $(cat "$DB/managed" 2>/dev/null) /etc/pf.conf /etc/iked.conf /etc/ipsec.conf \
	    /etc/rc.conf.local /etc/isakmpd/isakmpd.conf /etc/ssh/sshd_config /etc/gwctl.watch \
	    /usr/local/sbin/gwctl; do
		[ ! -f "$ROOT$file" ] || set -- ${1+"$@"} "$ROOT$file"
	done
	for file in "$ROOT"/etc/iked/*.conf "$ROOT"/etc/ipsec/*.conf; do
		[ ! -f "$file" ] || set -- ${1+"$@"} "$file"
	done
	[ $# -gt 0 ] || return 0
	# shellcheck disable=SC2012 # as above
	{ sha256 -r "$@"; ls -ld "$@"; } | awk -v root="$ROOT" '
	NF == 2 { sum[$2] = $1; next }
	{
		mode = 0
		for (i = 2; i <= 10; i++)
			mode = mode * 2 + (substr($1, i, 1) !~ /[-ST]/)
		printf "%s %04o %s\n", sum[$NF], mode, substr($NF, length(root) + 1)
	}' | sort -u -k 3
}

state_tunnels() {
	local daemon file name
	for daemon in iked isakmpd; do
		case $services in (*"$daemon on "*) ;; (*) continue ;; esac
		use $daemon
		for file in "$DIR"/[a-z]*.conf; do
			name=${file##*/}
			name=${name%.conf}
			tunnel_state "$name"
			case $STATE in (absent) continue ;; (removed) STATE=down ;; esac
			print -r -- "$name $daemon $STATE"
		done
	done
}

state_ike() {
	case $(print -r -- "$services" | sed -n 's/^\(i[a-z]*\) [a-z]* running.*/\1/p') in
	iked*) ask ikectl show sa ;;
	isakmpd*) isakmpd_report ;;
	esac
}

state_services() {
	local name on run flags
	for name in iked isakmpd $WATCHER; do
		on=off run=stopped
		flags=$(rcctl get "$name" flags </dev/null 2>/dev/null) && [ "$flags" != NO ] && on=on
		! running "$name" || run=running
		[ $on = on ] || flags=
		print -r -- "$name $on $run${flags:+ $flags}"
	done
}

# rules: pfctl's rules on standard input as one sum: without what pfctl -s rules does not show, and
# without the random part in the names of tables that it makes itself.
rules() {
	sed -e '/^[A-Za-z0-9_]* = /d' -e '/^table </d' -e '/^set /d' -e '/^load anchor/d' -e '/^$/d' \
		-e 's/__automatic_[0-9a-f]*_/__automatic_/g' | sha256 -q
}

state_rules() {
	local pf=$ROOT/etc/pf.conf kind token pid deadline rest
	print -r -- "pf loaded $(ask pfctl -sr 2>/dev/null | rules)"
	[ ! -e "$pf" ] || print -r -- "pf file $(ask pfctl -nvf "$pf" 2>/dev/null | rules)"
	for kind in pf sshd; do
		read -r token pid deadline rest 2>/dev/null <"$DB/$kind.armed" || continue
		print -r -- "$kind trial $deadline"
	done
}

state_watchdog() {
	local file name failures streak resets today day last next in reason
	for file in "$DB/watch"/[a-z]*; do
		name=${file##*/}
		case $name in (*.new) continue ;; esac
		[ -e "$ROOT/etc/iked/$name.conf" ] || [ -e "$ROOT/etc/ipsec/$name.conf" ] || continue
		read -r failures streak resets today day last next in reason 2>/dev/null <"$file" || continue
		print -r -- "$name failures=$failures resets=$resets last=$last $reason"
	done
}

cmd_state() {
	local services names boot
	overdue_trials
	print -- "--- gwctl"
	print "version $VERSION"
	print -- "--- files"
	state_files
	print -- "--- services"
	services=$(state_services)
	print -r -- "$services"
	print -- "--- tunnels"
	state_tunnels
	print -- "--- flows"
	ipsecctl -s flow | sed 's/ psk "[^"]*"/ psk/'
	print -- "--- sas"
	ipsecctl -s sa | sed -e '/authkey/d' -e '/enckey/d'
	print -- "--- ike"
	state_ike
	print -- "--- pf"
	pfctl -s info
	print -- "--- rules"
	state_rules
	print -- "--- sysctls"
	names=$(sed -n 's/^\([a-z][a-z0-9_.-]*\)=.*/\1/p' "$ROOT/etc/sysctl.conf" 2>/dev/null)
	# shellcheck disable=SC2086 # names without blanks, asked for at once
	[ -z "$names" ] || sysctl $names
	print -- "--- watchdog"
	state_watchdog
	print -- "--- uptime"
	boot=$(sysctl -n kern.boottime)
	print $(($(date +%s) - ${boot%%.*}))
}

READS="$READS state"

