# ---- what a tunnel for every address leaves out
#
# `flow … type bypass` (ipsec.conf(5)) of a longer prefix than the tunnel's own flow: the kernel goes by the longest
# (ip_spd.c). They are there before the tunnel's flows are, and go after them. iked removes every flow when
# it starts (pfkey_init in pfkey.c), and has no word for these: so they are loaded again after its start, and the
# watchdog looks whether they are there. isakmpd leaves them alone.
#
# DB/bypass: `FROM TO` of each that was loaded here. Those of others are not touched.

BYPASSES=$DB/bypass

# bypassed: whether a tunnel leaves something out.
bypassed() { grep -qs '^# gwctl bypass ' "$ROOT"/etc/iked/[a-z]*.conf "$ROOT"/etc/ipsec/[a-z]*.conf; }

# Of the tunnels that are up, of the daemon that is to run.
wanted_bypasses() {
	local daemon main
	for daemon in iked isakmpd; do
		enabled $daemon || continue
		main=$ROOT/etc/iked.conf
		[ $daemon = iked ] || main=$ROOT/etc/ipsec.conf
		[ -e "$main" ] || continue
		# The names have no blanks.
		# shellcheck disable=SC2046
		header bypass $(sed -n 's/^include "\(.*\)"$/\1/p' "$main")
	done | sort -u
}

# live_bypasses both|any: those of which both directions are in the kernel, or one.
live_bypasses() {
	ask ipsecctl -s flow 2>/dev/null | awk -v least="$1" '
	function network(text) { return text ~ /\// ? text : text (text ~ /:/ ? "/128" : "/32") }
	/^flow esp (in|out) from [^ ]+ to [^ ]+ type bypass$/ {
		from = network($5)
		to = network($7)
		pair = $3 == "out" ? from " " to : to " " from
		if (!(($3, pair) in seen)) {
			seen[$3, pair] = 1
			count[pair]++
		}
	}
	END { for (pair in count) if (least == "any" || count[pair] == 2) print pair }' | sort
}

bypass_rules() { sed 's/^\([^ ]*\) \([^ ]*\)$/flow esp from \1 to \2 type bypass/'; }

# load_bypasses: those that are missing.
load_bypasses() {
	bypassed || return 0
	wanted_bypasses >"$WORK/bypass.wanted" && live_bypasses both >"$WORK/bypass.live" || return 1
	comm -23 "$WORK/bypass.wanted" "$WORK/bypass.live" >"$WORK/bypass.missing"
	[ -s "$WORK/bypass.missing" ] || return 0
	# Noted first: what a killed run has loaded goes with the tunnel as well.
	{ cat "$BYPASSES" 2>/dev/null; cat "$WORK/bypass.missing"; } | sort -u >"$BYPASSES.new" &&
		replace "$BYPASSES" && bypass_rules <"$WORK/bypass.missing" >"$WORK/bypass.conf" &&
		ipsec_ctl -f "$WORK/bypass.conf" && did "exceptions loaded"
}

# drop_bypasses: those that no tunnel that is up leaves out any more. ipsecctl says of a direction that is not there
# that it cannot be removed, so what is left then decides.
drop_bypasses() {
	[ -s "$BYPASSES" ] || return 0
	wanted_bypasses >"$WORK/bypass.wanted" || return 1
	comm -23 "$BYPASSES" "$WORK/bypass.wanted" >"$WORK/bypass.gone"
	[ -s "$WORK/bypass.gone" ] || return 0
	live_bypasses any | comm -12 - "$WORK/bypass.gone" >"$WORK/bypass.left"
	if [ -s "$WORK/bypass.left" ]; then
		bypass_rules <"$WORK/bypass.left" >"$WORK/bypass.conf" || return 1
		ipsec_ctl -df "$WORK/bypass.conf"
		live_bypasses any | comm -12 - "$WORK/bypass.gone" >"$WORK/bypass.left"
		[ ! -s "$WORK/bypass.left" ] || { print "exceptions stay in the kernel" >>"$WORK/said"; return 1; }
		did "exceptions removed"
	fi
	comm -12 "$BYPASSES" "$WORK/bypass.wanted" >"$BYPASSES.new" && replace "$BYPASSES"
}

# bypasses_after_start: of iked, whose start is over before it has removed the flows. Each look takes processes, so the
# clock says when it has been waited for long enough.
bypasses_after_start() {
	local end
	[ "$DAEMON" = iked ] && [ -s "$BYPASSES" ] && bypassed || return 0
	end=$(($(date +%s) + 5))
	while [ "$(date +%s)" -lt $end ] && [ -n "$(live_bypasses any | comm -12 - "$BYPASSES")" ]; do sleep 0.1; done
	load_bypasses
}

# watch_bypasses: each second, so most looks end at the record.
watch_bypasses() {
	local live missing
	[ -s "$BYPASSES" ] || return 0
	live=$LINES_ONLY$(live_bypasses both)$LINES_ONLY
	not_live <"$BYPASSES" >/dev/null || return 0
	missing=$(wanted_bypasses | not_live) || return 0
	mkdir -p "$DB/watch"
	if watch_locked load_bypasses; then
		watch_log "exceptions were missing, and are loaded: $(print -r -- "$missing" | grep -c .)"
	else
		watch_log "exceptions are missing, and not loaded: $(head -n 1 "$DB/watch/.said")"
	fi
}

# With watch_bypasses' variables: those of standard input that the kernel lacks; false when it lacks none.
not_live() {
	local pair status=1
	while read -r pair; do
		case $live in (*"$LINES_ONLY$pair$LINES_ONLY"*) continue ;; esac
		print -r -- "$pair"
		status=0
	done
	return $status
}
