# ---- state

state_files() {
	local file
	set --
	for file in $(cat "$DB/managed" 2>/dev/null) /etc/pf.conf /etc/pf.user.conf /etc/iked.conf /etc/ipsec.conf \
	    /etc/rc.conf.local /etc/isakmpd/isakmpd.conf /etc/ssh/sshd_config /etc/gwctl.watch \
	    /usr/local/sbin/gwctl; do
		[ ! -f "$ROOT$file" ] || set -- ${1+"$@"} "$ROOT$file"
	done
	for file in "$ROOT"/etc/iked/*.conf "$ROOT"/etc/ipsec/*.conf \
	    "$ROOT"/etc/iked/ca/* "$ROOT"/etc/iked/crls/* "$ROOT"/etc/iked/certs/* \
	    "$ROOT"/etc/isakmpd/ca/* "$ROOT"/etc/isakmpd/crls/* "$ROOT"/etc/isakmpd/certs/* \
	    "$ROOT"/etc/iked/pubkeys/*/* "$ROOT"/etc/isakmpd/pubkeys/*/*; do
		[ ! -f "$file" ] || set -- ${1+"$@"} "$file"
	done
	[ $# -gt 0 ] || return 0
	# shellcheck disable=SC2012 # as above
	{ sha256 -r "$@"; name_sums; ls -ld "$@"; } | awk -v root="$ROOT" '
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

# Of a gateway that signs: the sum of its own public key, as `gwctl key` prints that.
state_keys() {
	local daemon
	for daemon in iked isakmpd; do
		case $services in (*"$daemon on "*) ;; (*) continue ;; esac
		use $daemon
		grep -qsE '^# gwctl (peerkey|certificate) ' "$DIR"/[a-z]*.conf || continue
		print -r -- "$daemon $(public_half $daemon 2>/dev/null | sha256 -q)"
	done
}

state_ike() {
	case $(print -r -- "$services" | sed -n 's/^\(i[a-z]*\) [a-z]* running.*/\1/p') in
	iked*) ask ikectl show sa ;;
	isakmpd*) isakmpd_report ;;
	esac
}

# The kernel's flows, with ports as numbers: ipsecctl shows them by the names of services(5), TCP's for TCP and
# UDP's for everything else (ipsecctl.c), and has no option that leaves that out.
state_flows() {
	ipsecctl -s flow | sed 's/ psk "[^"]*"/ psk/' | awk -v services="$ROOT/etc/services" '
	function port(name, proto,    line, word, part) {
		while (!known && (getline line <services) > 0)
			if (split(line, word, /[ \t]+/) > 1 && split(word[2], part, "/") == 2)
				number[word[1], part[2]] = part[1]
		known = 1
		return (name, proto) in number ? number[name, proto] : name
	}
	/ port [^0-9]/ {
		proto = / proto tcp / ? "tcp" : "udp"
		for (i = 1; i < NF && $i != "srcid"; i++)
			if ($i == "port") $(i + 1) = port($(i + 1), proto)
	}
	{ print }'
}

# What tunnels are routed into: the interfaces with their addresses, and the routes through them. Of sec(4) there are
# no flows.
state_sec() {
	local found
	found=$(ifconfig sec 2>/dev/null; ifconfig gre 2>/dev/null)
	[ -n "$found" ] || return 0
	print -r -- "$found"
	netstat -rn | grep -E ' (sec|gre)[0-9]+ *$'
}

# Of the tunnels to the same networks: what the watchdog has made of their routes.
state_groups() {
	local group priority name file
	grouped | while read -r group priority name file; do
		standing "$name"
		print -r -- "$name $group $priority $STATE $SINCE${REASON:+ $REASON}"
	done
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
	local pf=$ROOT/etc/pf.conf kind token pid deadline rest instead
	print -r -- "pf loaded $(ask pfctl -sr 2>/dev/null | rules)"
	[ ! -e "$pf" ] || print -r -- "pf file $(ask pfctl -nvf "$pf" 2>/dev/null | rules)"
	! pf_boot_rules || print "pf boot"
	[ ! -e "$ROOT/etc/pf.user.conf" ] || {
		print -r -- "pfuser loaded $(ask pfctl -a $USER_ANCHOR -sr 2>/dev/null | rules)"
		! silent pfctl -a $USER_ANCHOR -nf "$ROOT/etc/pf.user.conf" ||
			print -r -- "pfuser file $(ask pfctl -a $USER_ANCHOR -nvf "$ROOT/etc/pf.user.conf" 2>/dev/null | rules)"
	}
	for kind in $KINDS; do
		! read -r token pid deadline rest 2>/dev/null <"$DB/$kind.armed" ||
			print -r -- "$kind trial $deadline"
		! read -r rest instead 2>/dev/null <"$DB/$kind.stuck" || print -r -- "$kind stuck $rest $instead"
	done
}

# Of a daemon that was found dead: `daemon NAME starts=N last=TIME REASON`.
state_watchdog() {
	local file name failures streak resets today day last next in reason
	for name in iked isakmpd; do
		read -r streak resets last next reason 2>/dev/null <"$DB/watch/.$name" || continue
		print -r -- "daemon $name starts=$resets last=$last $reason"
	done
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
	print -- "--- keys"
	state_keys
	print -- "--- tunnels"
	state_tunnels
	print -- "--- names"
	state_names
	print -- "--- proposals"
	state_proposals
	print -- "--- flows"
	state_flows
	print -- "--- sas"
	ipsecctl -s sa | sed -e '/authkey/d' -e '/enckey/d'
	print -- "--- ike"
	state_ike
	print -- "--- sec"
	state_sec
	print -- "--- groups"
	state_groups
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

