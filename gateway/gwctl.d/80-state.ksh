# ---- state

state_files() {
	local file
	set --
	for file in $(cat "$DB/managed" 2>/dev/null) /etc/pf.conf /etc/iked.conf /etc/ipsec.conf \
	    /etc/rc.conf.local /etc/isakmpd/isakmpd.conf; do
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
		enabled $daemon || continue
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
	local tries=20
	if running iked; then
		ikectl show sa
	elif running isakmpd; then
		rm -f "$RESULT"
		tell_isakmpd S || return 0
		until [ -e "$RESULT" ] || [ $((tries -= 1)) -le 0 ]; do sleep 0.1; done
		cat "$RESULT"
	fi
}

cmd_state() {
	local daemon name boot on run
	overdue_trials
	print -- "--- gwctl"
	print "version $VERSION"
	print -- "--- files"
	state_files
	print -- "--- services"
	for daemon in iked isakmpd; do
		on=off run=stopped
		! enabled $daemon || on=on
		! running $daemon || run=running
		print "$daemon $on $run"
	done
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
	print -- "--- sysctls"
	sed -n 's/^\([a-z][a-z0-9_.-]*\)=.*/\1/p' "$ROOT/etc/sysctl.conf" 2>/dev/null | while read -r name; do
		print -r -- "$name=$(sysctl -n "$name" </dev/null)"
	done
	print -- "--- uptime"
	boot=$(sysctl -n kern.boottime)
	print $(($(date +%s) - ${boot%%.*}))
}

READS="$READS state"

