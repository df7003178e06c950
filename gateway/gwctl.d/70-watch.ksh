# ---- the watchdog
#
# A peer that restarts without a word leaves SAs here that carry nothing. iked notices after 5 to 8
# minutes, as it asks only peers that have long been silent (ikev2.c). So each tunnel with a probe is
# pinged, and one that stays silent is reset, that one only. A daemon that died is started again.
#
# DB/watch/NAME: FAILURES STREAK RESETS TODAY DAY LAST NEXT INBOUND REASON
#   FAILURES probes in a row, all with an SA; STREAK resets since the last answer; RESETS ever, TODAY those of DAY (days
#   since 1970); LAST reset and the NEXT that is allowed, seconds since 1970; INBOUND packets from the
#   peer at the first failure, or none without an SA; REASON of what was last done or left.

SETTINGS=$ROOT/etc/gwctl.watch
WATCHER=gwctl_watch

# No wait grows longer than this, seconds.
LONGEST_BACKOFF=3600

# Exit status of a reset that was no longer needed.
CAME_BACK=9

watch_service() {
	cat <<'EOF'
#!/bin/ksh
# Written by gwctl: see `gwctl watch`.

daemon="/usr/local/sbin/gwctl"
daemon_flags="watch"

. /etc/rc.d/rc.subr

pexp="/bin/ksh ${daemon} ${daemon_flags}"
rc_bg=YES
rc_reload=NO

rc_cmd $1
EOF
}

# watch_settings FILE → INTERVAL FAILURES BACKOFF CAP; false when it is off.
watch_settings() {
	local key value rest
	INTERVAL='' FAILURES='' BACKOFF='' CAP=''
	while read -r key value rest; do
		case $key in
		interval) INTERVAL=$value ;;
		failures) FAILURES=$value ;;
		backoff) BACKOFF=$value ;;
		cap) CAP=$value ;;
		esac
	done 2>/dev/null <"$1"
	for value in "$INTERVAL" "$FAILURES" "$BACKOFF" "$CAP"; do
		case $value in ('' | 0* | *[!0-9]* | ???????*) return 1 ;; esac
	done
}

watch_set() {
	local script=$ROOT/etc/rc.d/$WATCHER on=
	lock
	stage "$SETTINGS" 0644
	if watch_settings "$SETTINGS.new"; then
		on=1
	elif [ "$(cat "$SETTINGS.new")" != off ]; then
		fail 1 "$SETTINGS" "not understood" "write off, or interval, failures, backoff and cap"
	fi
	watch_service >"$WORK/service" || fail 1 "$script" "cannot be written" "look at its free space"
	if cmp -s "$SETTINGS.new" "$SETTINGS"; then
		rm -f "$SETTINGS.new"
	else
		replace "$SETTINGS" && did "settings"
	fi
	if [ -n "$on" ]; then
		watch_install "$script" || fail 1 "$script" "cannot be written" "look at its free space"
		{ enabled $WATCHER || watch_act enable; } && { running $WATCHER || watch_act start; }
	elif [ -e "$script" ]; then
		{ ! running $WATCHER || watch_act stop; } && { ! enabled $WATCHER || watch_act disable; }
	fi || fail 2 "$script" "the service could not be switched" "see rcctl ls failed" "$WORK/said"
}

watch_act() { quiet rcctl "$1" $WATCHER && did "$1 $WATCHER"; }

watch_install() {	# SCRIPT
	! cmp -s "$WORK/service" "$1" || return 0
	mkdir -p "${1%/*}"
	cat "$WORK/service" >"$1.new" && chmod 0555 "$1.new" && replace "$1" && did "service"
}

# Each pass is a run of its own, of the gwctl that is installed then. One may wait for minutes, for the lock or for
# names: who carries, and whether a tunnel for every address leaves out what it should, is looked at meanwhile.
watch_forever() {
	local pass next
	trap - INT TERM
	while watch_settings "$SETTINGS"; do
		if grouped >/dev/null || bypassed; then
			"$0" watch once >/dev/null 2>&1 &
			pass=$!
			next=$(($(date +%s) + INTERVAL))
			while kill -0 $pass 2>/dev/null || [ "$(date +%s)" -lt $next ]; do
				"$0" watch routes >/dev/null 2>&1
				sleep $LOOK_PAUSE
			done
		else
			"$0" watch once >/dev/null 2>&1
			sleep "$INTERVAL"
		fi
	done
}

# watched: NAME SOURCE TARGET of the tunnels that are up and may be reset.
watched() {
	local file name source target
	awk '
	FNR == 1 { file = FILENAME }
	/^# gwctl probe / { probe[file] = $4 " " $5 }
	/^# gwctl watchdog no$/ { off[file] = 1 }
	END { for (file in probe) if (!(file in off)) print file, probe[file] }' "$DIR"/[a-z]*.conf 2>/dev/null |
		sort | while read -r file source target; do
		name=${file##*/}
		name=${name%.conf}
		tunnel_state "$name"
		[ "$STATE" != up ] || print -r -- "$name $source $target"
	done
}

# answering: the names of those `NAME SOURCE TARGET` on standard input whose target answers, in any order. A probe
# costs a reset at worst when several in a row are lost, so each is a single packet.
answering() { pings 1 2 | answered_names; }

# inbound PEER: packets that came through SAs from it; `none` without an SA.
inbound() {
	print -r -- "$COUNTERS" | awk -v peer="$1" '
	/^[^ \t]/ {
		mine = 0
		for (i = 1; i < NF; i++)
			mine = mine || ($i == "from" && $(i + 1) == peer)
		found = found || mine
	}
	mine && /input packets?$/ { sum += $1 }
	END { print found ? sum + 0 : "none" }'
}

watch_log() { logger -t gwctl -p daemon.warning "watch: $1"; }

# watch_tunnel NAME SOURCE TARGET ANSWERED
watch_tunnel() {
	local failures=0 streak=0 resets=0 today=0 day=0 last=0 next=0 in=0 reason='' was='' is
	if read -r failures streak resets today day last next in reason 2>/dev/null <"$DB/watch/$1"; then
		was="$failures $streak $resets $today $day $last $next $in $reason"
	fi
	[ "$day" -eq $((NOW / 86400)) ] || day=$((NOW / 86400)) today=0
	is=$reason
	if [ -n "$4" ]; then
		[ "$streak" -eq 0 ] || watch_log "$1: $3 answers again"
		failures=0 streak=0
	else
		failures=$((failures + 1))
		watch_judge "$@"
		[ "$reason" = "$is" ] || watch_log "$1: $reason"
	fi
	is="$failures $streak $resets $today $day $last $next $in $reason"
	# Written when it changed: a healthy gateway writes nothing.
	[ "$is" = "$was" ] || { print -r -- "$is" >"$DB/watch/$1.new" && replace "$DB/watch/$1"; }
}

# With watch_tunnel's variables: what to do about a probe that failed.
watch_judge() {
	local file=$DIR/$1.conf peer
	[ -n "$OWN" ] ||
		OWN=$(ifconfig | awk '$1 == "inet" || $1 == "inet6" { sub(/%.*/, "", $2); print $2 }')
	if ! print -r -- "$OWN" | grep -qxF "$2"; then
		failures=0 reason="not watched: $2 is not an address of this gateway"
		return
	fi
	peer=$(header peer "$file")
	if [ "$peer" = any ]; then
		list_ike_sas
		peer=$(print -r -- "$IKE_SAS" | address_of "$file")
	fi
	[ -n "$COUNTERS" ] || COUNTERS=$(ask ipsecctl -vv -s sa 2>/dev/null)
	if ! has_any_sa "$file" "$peer"; then
		in=none
		[ "$failures" -lt "$FAILURES" ] || watch_idle "$file"
		return
	fi
	# What failed without an SA says nothing about one that has come since.
	[ "$in" != none ] || failures=1
	if [ "$failures" -eq 1 ]; then
		in=$(inbound "$peer")
		[ "$in" != none ] || in=0
	fi
	[ "$failures" -ge "$FAILURES" ] && [ "$NOW" -ge "$next" ] || return 0
	if arrives "$file" "$peer"; then
		failures=0 reason="$3 is silent, but packets arrive: not reset"
	elif [ "$today" -ge "$CAP" ]; then
		reason="$CAP resets today already: not reset"
	else
		watch_reset "$@"
	fi
}

# With watch_tunnel's variables: there is nothing to reset. iked begins an active tunnel once a minute by itself;
# isakmpd only what is on its list, where t leaves nothing and c changes nothing for what is there.
watch_idle() {	# FILE
	reason="no SA: the peer has to begin, as the tunnel is passive"
	! passive "$1" || return 0
	reason="no SA, which $DAEMON negotiates by itself"
	[ "$DAEMON" = isakmpd ] && [ "$NOW" -ge "$next" ] || return 0
	next=$((NOW + BACKOFF))
	watch_locked ask_isakmpd "$1" || reason="no SA, and isakmpd takes no commands"
}

list_ike_sas() {
	[ -n "$IKE_SAS" ] || IKE_SAS=" $(ask ikectl show sa 2>/dev/null | grep '^iked_sas:')"
}

# alone_at ADDRESS FILE: whether all that comes from there is this tunnel's. Peers without an address of their own
# may be behind one NAT.
alone_at() {
	! shared peer "$1" "$2" || return 1
	grep -qxF '# gwctl peer any' "$DIR"/[a-z]*.conf 2>/dev/null || return 0
	list_ike_sas
	[ "$(print -r -- "$IKE_SAS" | grep -F -e "->$1:" -e "->[$1]:" | sed 's/.*<\(.*\)>.*/\1/' | sort -u | grep -c .)" -le 1 ]
}

# An IKE SA alone, whose child SA never came, counts.
has_any_sa() {	# FILE PEER
	local id IFS=$LINES_ONLY
	[ "$(inbound "$2")" = none ] || return 0
	[ "$DAEMON" = iked ] || return 1
	list_ike_sas
	for id in $(header dstid "$1"); do
		! print -r -- "$IKE_SAS" | grep -qF "<$id>" || return 0
	done
	return 1
}

# A target that is off is no reason to reset a tunnel that works. Two tunnels to one peer are not told
# apart here, so each counts as silent.
arrives() {	# FILE PEER
	case $in$(inbound "$2") in (*none*) return 1 ;; esac
	alone_at "$2" "$1" && [ "$(inbound "$2")" -gt "$in" ]
}

# watch_locked COMMAND…: one run at a time, as all that changes something. DB/watch/.said has its words.
watch_locked() {
	(
		trap unlock EXIT
		lock
		"$@"
	) >/dev/null 2>"$DB/watch/.said"
}

# It may have come back while another run had the lock.
watch_restart() {	# NAME SOURCE TARGET
	[ -z "$(print -r -- "$1 $2 $3" | answering)" ] || exit $CAME_BACK
	tunnel_drop restart "$1" unseen
}

# backoff STREAK → WAIT seconds
backoff() {
	local n=0
	WAIT=$BACKOFF
	while [ $((n += 1)) -le "$1" ] && [ "$WAIT" -lt $LONGEST_BACKOFF ]; do
		WAIT=$((WAIT * 2))
	done
	[ "$WAIT" -le $LONGEST_BACKOFF ] || WAIT=$LONGEST_BACKOFF
}

watch_reset() {	# NAME SOURCE TARGET
	local status
	watch_locked watch_restart "$@"
	status=$?
	failures=0
	[ $status -ne $CAME_BACK ] || return 0
	backoff "$streak"
	streak=$((streak + 1)) resets=$((resets + 1)) today=$((today + 1))
	last=$NOW next=$((NOW + WAIT))
	reason="$FAILURES probes from $2 to $3 unanswered: reset, $today of $CAP today"
	[ $status -eq 0 ] || reason="$reason, failed: $(head -n 1 "$DB/watch/.said")"
}

watch_once() {
	local daemon answers name source target
	watch_bypasses
	overdue_trials
	boot_trials
	unfinished_trials
	overdue_reboot
	watch_settings "$SETTINGS" || return 0
	mkdir -p "$DB/watch"
	NOW=$(date +%s)
	COUNTERS='' IKE_SAS='' OWN=''
	for daemon in iked isakmpd; do
		use $daemon
		watch_names
		if ! running $daemon; then
			if has_tunnels "$MAIN" && enabled $daemon; then watch_daemon ''; fi
			continue
		fi
		watch_daemon 1
		[ $daemon != iked ] || watch_proposals
		answers=" $(watched | answering | tr '\n' ' ')"
		# What was not sent says nothing.
		! removed_meanwhile || return 0
		watched | while read -r name source target; do
			case $answers in
			*" $name "*) watch_tunnel "$name" "$source" "$target" 1 ;;
			*) watch_tunnel "$name" "$source" "$target" '' ;;
			esac
		done
		# One daemon at a time has the ports.
		return
	done
}

cmd_watch() {
	case ${1:-}$# in
	0) watch_forever ;;
	once1) watch_once ;;
	# Of the packets that no tunnel or another one is to carry: what is looked at each second.
	routes1) watch_bypasses; watch_routes ;;
	set1) watch_set ;;
	*) usage_error watch ;;
	esac
}

CHANGES="$CHANGES watch"
