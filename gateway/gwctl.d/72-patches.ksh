# ---- errata
#
# Prints `installed NAME` and `missing NAME` for each erratum, `reboot needed` while another kernel
# than the one on disk runs, and `unknown REASON` when the mirror did not tell. No lock: the mirror
# may take minutes to answer.

# The kernel is linked anew after each boot, and syspatch refuses while that runs.
relinking() { pgrep -xf '/bin/ksh .*reorder_kernel' >/dev/null 2>&1; }

await_relink() {
	local seconds=600
	while relinking; do
		[ $((seconds -= 1)) -gt 0 ] ||
			fail 1 /bsd "reorder_kernel runs for more than 10 minutes" "see /usr/share/relink"
		sleep 1
	done
}

# A kernel that was only linked anew says the same of itself as the one that runs.
kernel_waits() {
	local disk
	disk=$(what "$ROOT/bsd" 2>/dev/null | sed -n 's/^[[:blank:]]*\(OpenBSD [0-9].*\)/\1/p' | head -n 1)
	[ -n "$disk" ] && [ "$disk" != "$(sysctl -n kern.version </dev/null | head -n 1)" ]
}

# syspatch exits 2 where there was nothing to install.
syspatch_lists() {	# DIRECTORY
	local status=0 missing
	syspatch -l </dev/null 2>/dev/null | sed 's/^/installed /'
	missing=$(bounded 300 syspatch -c </dev/null 2>"$1/said") || status=$?
	case $status in
	0 | 2) [ -z "$missing" ] || print -r -- "$missing" | sed 's/^/missing /' ;;
	*) print -r -- "unknown $(grep . "$1/said" | tail -n 1)" ;;
	esac
	! kernel_waits || print "reboot needed"
}

# What was there before stays known until the daemons run what came: a run that is killed in between
# leaves that to the next one.
PATCHED=$DB/patched

patches_apply() {	# DIRECTORY
	local tries=10 status
	writable
	# The last line is there when all the others are.
	[ -e "$PATCHED" ] ||
		{ { syspatch -l </dev/null && print '#'; } >"$PATCHED.new" && replace "$PATCHED"; } \
			2>/dev/null || fail 1 "$PATCHED" "cannot be written" "look at its free space"
	while :; do
		await_relink
		status=0
		syspatch </dev/null >"$1/said" 2>&1 || status=$?
		# A patch for syspatch itself ends the run, with 2 as well: the next one takes the rest.
		if [ $status -ne 0 ] && ! grep -q 'updated itself' "$1/said"; then
			[ $status -ne 2 ] || break
			patches_failed "$1" "syspatch failed (exit status $status)"
		fi
		[ $((tries -= 1)) -gt 0 ] || patches_failed "$1" "syspatch does not come to an end"
	done
	status=0
	syspatch -l </dev/null 2>/dev/null | grep -vxF -f "$PATCHED" >"$1/new" || status=$?
	[ $status -le 1 ] || fail 1 "$1" "cannot be written" "look at the free space of /tmp"
	[ ! -s "$1/new" ] || { did "$(tr '\n' ' ' <"$1/new")installed"; renew_daemon "$1/new"; }
	rm -f "$PATCHED"
}

patches_failed() {	# DIRECTORY WHAT
	print -r -u2 -- "gwctl: /var/syspatch: $2: see installurl(5), and the space on /usr and /tmp"
	sed 's/^/gwctl:   /' "$1/said" | tail -n 5 >&2
	exit 2
}

# A daemon keeps running what it was started from; a kernel's patch restarts everything by itself.
renew_daemon() {	# LIST
	local name digits
	digits=$(uname -r | tr -d .)
	while read -r name; do
		tar tzf "$ROOT/var/syspatch/$digits-$name/rollback.tgz" 2>/dev/null
	done <"$1" | grep -qE '^(\./)?(sbin/(iked|isakmpd)|usr/lib/lib.*\.so\.[0-9.]+)$' || return 0
	! kernel_waits || return 0
	lock
	for name in iked isakmpd; do
		enabled $name || continue
		use $name
		has_tunnels "$MAIN" || continue
		# Where it does not run, an earlier run was killed before it could start it.
		{ { ! running $name || quiet rcctl stop $name; } && start_daemon; } ||
			fail 3 /etc/rc.d/$name "does not start again after its patch" "see /var/log/daemon" "$WORK/said"
	done
}

cmd_patches() {
	case ${1:-}$# in (report1 | apply1) ;; (*) usage_error patches ;; esac
	scratch
	[ "$1" = report ] || patches_apply "$SCRATCH"
	syspatch_lists "$SCRATCH"
}

CHANGES="$CHANGES patches"

