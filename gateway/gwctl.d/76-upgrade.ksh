# ---- the next release
#
# $DB/upgrade holds, from `fetch` to `finish`, the release that was left.

LEFT=$DB/upgrade

# Packages, or tunnels to be proven again, are still to come.
unfinished() {
	[ ! -e "$REBOOT" ] || return 0
	[ -s "$LEFT" ] && [ "$(cat "$LEFT")" != "$(uname -r)" ]
}

# `NAME VALUE` a line: what decides whether an upgrade may begin.
upgrade_facts() {
	local relink=no begun=no
	print -r -- "release $(uname -r)"
	print -r -- "version $(sysctl -n kern.version </dev/null | head -n 1)"
	# sysupgrade keeps the sets below /home, and refuses when /usr is 90 % full.
	df -Pk /home | awk 'NR == 2 { print "home-free-kib", $4 }'
	df -Pk /usr | awk 'NR == 2 { sub("%", "", $5); print "usr-used-percent", $5 }'
	! relinking || relink=yes
	print "relinking $relink"
	! unfinished || begun=yes
	print "unfinished $begun"
	print -r -- "installurl $(sed -e 's/#.*//' -e '/^$/d' "$ROOT/etc/installurl" 2>/dev/null | head -n 1)"
}

cmd_release() {
	local LIMIT=$MIRROR_LIMIT
	case ${1:-}$# in
	facts1) upgrade_facts ;;
	fetch1)
		lock
		await_relink
		{ uname -r >"$LEFT.new" && replace "$LEFT"; } 2>/dev/null || fail 1 "$LEFT" "cannot be written" "look at its free space"
		# -n: fetched and verified, and nothing else: the reboot is `gwctl reboot`.
		quiet sysupgrade -n || fail 2 /home/_sysupgrade "sysupgrade failed" \
			"see installurl(5), and the space on /home and /usr" "$WORK/said"
		did "the next release is installed at the next boot"
		;;
	finish1)
		lock
		# rc(8) ran it once; what it could not merge is told again.
		quiet sysmerge -b
		[ ! -s "$WORK/said" ] || sed 's/^/sysmerge /' "$WORK/said"
		if [ -s "$OURS" ]; then
			quiet pkg_add -u -I || fail 2 "$PKGDB" "pkg_add -u failed" "run it again" "$WORK/said"
			did "packages updated"
		fi
		rm -f "$LEFT"
		;;
	*) usage_error release ;;
	esac
}

CHANGES="$CHANGES release"

