# ---- pf
#
# /etc/pf.conf is always a ruleset that was confirmed. A new one runs from memory only until a second
# connection confirms it: the dead-man just loads /etc/pf.conf again, and so does a reboot.
# pf.armed holds TOKEN PID DEADLINE SHA256 CONNECTION. Who renames it decides: the dead-man (or
# whoever stands in for it) to pf.expired, the confirmation to pf.settling.

pf_text() {
	stage "$PF" 0600
	quiet pfctl -nf "$PF.new" || fail 1 "$PF" "refused by pfctl" "correct the rules" "$WORK/said"
	SUM=$(sha256 -q "$PF.new") || fail 1 "$PF" "no checksum" "see sha256(1)"
}

pf_load_confirmed() {
	if [ -e "$PF" ]; then pfctl -f "$PF"; else pfctl -f /dev/null; fi </dev/null >/dev/null 2>&1
}

pf_expire() {	# REASON
	mv -f "$DB/pf.armed" "$DB/pf.expired" 2>/dev/null || return 0
	logger -t gwctl -p daemon.warning "pf: ruleset taken back: $1"
	pf_load_confirmed && rm -f "$DB/pf.expired"
}

# Runs in the background, without the lock: a run that hangs must not keep the operator locked out.
pf_dead_man() {	# SECONDS TOKEN
	local token rest
	trap - EXIT INT TERM
	trap '' HUP PIPE
	sleep "$1"
	read -r token rest <"$DB/pf.armed" || exit 0
	[ "$token" != "$2" ] || pf_expire "not confirmed within $1 s"
}

pf_arm() {	# SECONDS
	local now token
	now=$(date +%s)
	token=$$.$now
	# exec, as a shell keeps a copy of what a redirected function hides, and ssh would wait for it.
	( exec </dev/null >/dev/null 2>&1; pf_dead_man "$1" "$token" ) &
	print -r -- "$token $! $((now + $1)) $SUM ${SSH_CONNECTION:--}" >"$DB/pf.armed.new"
	sync
	mv -f "$DB/pf.armed.new" "$DB/pf.armed" || fail 1 "$PF" "not armed" "look at $DB"
	if ! quiet pfctl -f "$PF.new"; then
		mv -f "$WORK/said" "$WORK/why"
		pf_expire "it does not load" || fail 3 "$PF" "neither ruleset loads" "repair it" "$WORK/why"
		fail 2 "$PF" "the ruleset does not load, the confirmed one is back" "correct it" "$WORK/why"
	fi
	if ! grep -q "^$token " "$DB/pf.armed" 2>/dev/null; then
		pf_load_confirmed || fail 3 "$PF" "the confirmed ruleset does not load" "repair it"
		fail 2 "$PF" "loading took more than $1 s, the confirmed ruleset is back" "try again"
	fi
	rm -f "$PF.new"
	did "to be confirmed from another connection within $1 s"
}

pf_withdraw() {
	[ -e "$DB/pf.armed" ] || return 0
	pf_expire "$1" || fail 3 "$PF" "the confirmed ruleset does not load" "repair it"
	did "unconfirmed ruleset taken back"
}

# pf_settle: the armed ruleset becomes /etc/pf.conf; also finishes a confirmation that was killed.
pf_settle() {
	local token pid deadline sum rest
	read -r token pid deadline sum rest <"$DB/pf.settling"
	if [ -e "$PF.new" ] && [ "$(sha256 -q "$PF.new")" = "$sum" ]; then
		rm -f "$PF.prev"
		[ ! -e "$PF" ] || ln "$PF" "$PF.prev"
		sync
		mv -f "$PF.new" "$PF"
	fi
	pf_load_confirmed && rm -f "$DB/pf.settling"
}

# A dead-man may have been killed, or the machine restarted: what nobody guards is taken back.
pf_recover() {
	local token pid deadline rest
	[ ! -e "$DB/pf.settling" ] || pf_settle
	if [ -e "$DB/pf.expired" ]; then pf_load_confirmed && rm -f "$DB/pf.expired"; fi
	pf_overdue
}

pf_overdue() {
	local token pid deadline rest
	read -r token pid deadline rest 2>/dev/null <"$DB/pf.armed" || return 0
	if ! alive "$pid" || [ "$(date +%s)" -gt "$deadline" ]; then pf_expire "nobody guards it"; fi
}

pf_confirm() {
	local token pid deadline sum connection=
	read -r token pid deadline sum connection 2>/dev/null <"$DB/pf.armed"
	if [ "${sum:-}" != "$SUM" ]; then
		pf_arm "$1"
		print armed
		exit 0
	fi
	if [ -n "${SSH_CONNECTION:-}" ] && [ "$connection" = "$SSH_CONNECTION" ]; then
		fail 1 "$PF" "this connection loaded it" "confirm over a new SSH connection"
	fi
	mv -f "$DB/pf.armed" "$DB/pf.settling" 2>/dev/null ||
		fail 2 "$PF" "taken back a moment ago" "load it again"
	pf_settle || fail 3 "$PF" "confirmed, but does not load" "repair it"
	did "confirmed"
}

cmd_pf() {
	case ${1:-}$# in
	load2 | confirm2)
		case $2 in ('' | 0* | *[!0-9]*) usage_error "$2" ;; esac
		lock
		pf_text
		if cmp -s "$PF.new" "$PF"; then
			rm -f "$PF.new"
			pf_withdraw "the confirmed one was loaded again"
		elif [ "$1" = load ]; then
			pf_arm "$2"
		else
			pf_confirm "$2"
		fi
		;;
	rollback1) lock; pf_withdraw "asked for" ;;
	*) usage_error pf ;;
	esac
}

CHANGES="$CHANGES pf"

