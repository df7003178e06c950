# ---- what might lock everybody out: pf and sshd
#
# The text on disk is always one that was confirmed. A new one runs on trial until a second connection
# confirms it; else the dead-man puts the confirmed one back, and so does a reboot.
# KIND.armed holds TOKEN PID DEADLINE SHA256 CONNECTION. Who renames it decides: the dead-man (or
# whoever stands in for it) to KIND.expired, the confirmation to KIND.settling. KIND.taken holds SHA256
# and why, of the text that nobody confirmed in time: it is reported once, and tried again only then.
#
# Of a KIND there are: KIND_check FILE, KIND_try FILE (let it run) and KIND_back (let the confirmed one
# run, also if only half of a trial was begun; in the background, so without $WORK).

KIND=
TEXT=

use_trial() {
	KIND=$1
	case $1 in (pf) TEXT=$ROOT/etc/pf.conf ;; (sshd) TEXT=$ROOT/etc/ssh/sshd_config ;; esac
}

# silent COMMAND…: for what runs in the background too.
silent() { limited "$@" </dev/null >/dev/null 2>&1; }

trial_text() {	# MODE
	stage "$TEXT" "$1"
	"${KIND}_check" "$TEXT.new" || fail 1 "$TEXT" "refused by $KIND" "correct the text" "$WORK/said"
	SUM=$(sha256 -q "$TEXT.new") || fail 1 "$TEXT" "no checksum" "see sha256(1)"
}

trial_expire() {	# REASON
	mv -f "$DB/$KIND.armed" "$DB/$KIND.expired" 2>/dev/null || return 0
	logger -t gwctl -p daemon.warning "$KIND: taken back: $1"
	"${KIND}_back" && rm -f "$DB/$KIND.expired"
}

# trial_unconfirmed SUM SECONDS
trial_unconfirmed() {
	print -r -- "$1 at $(date '+%F %T'), not confirmed within $2 s" >"$DB/$KIND.taken.new" &&
	    mv -f "$DB/$KIND.taken.new" "$DB/$KIND.taken"
	trial_expire "not confirmed within $2 s"
}

# Runs in the background, without the lock: a run that hangs must not keep the operator locked out.
trial_dead_man() {	# SECONDS TOKEN
	local token pid deadline sum rest
	trap - EXIT INT TERM
	trap '' HUP PIPE
	sleep "$1"
	read -r token pid deadline sum rest <"$DB/$KIND.armed" || exit 0
	[ "$token" != "$2" ] || trial_unconfirmed "$sum" "$1"
}

trial_arm() {	# SECONDS
	local now token
	now=$(date +%s)
	token=$$.$now
	# exec, as a shell keeps a copy of what a redirected function hides, and ssh would wait for it.
	( exec </dev/null >/dev/null 2>&1; trial_dead_man "$1" "$token" ) &
	if ! print -r -- "$token $! $((now + $1)) $SUM ${SSH_CONNECTION:--}" >"$DB/$KIND.armed.new" ||
	    ! sync || ! mv -f "$DB/$KIND.armed.new" "$DB/$KIND.armed"; then
		fail 1 "$TEXT" "not armed" "look at $DB"
	fi
	if ! "${KIND}_try" "$TEXT.new"; then
		mv -f "$WORK/said" "$WORK/why"
		trial_expire "it does not load" || fail 3 "$TEXT" "neither text loads" "repair it" "$WORK/why"
		fail 2 "$TEXT" "it does not load, the confirmed one is back" "correct it" "$WORK/why"
	fi
	if ! grep -q "^$token " "$DB/$KIND.armed" 2>/dev/null; then
		"${KIND}_back" || fail 3 "$TEXT" "the confirmed text does not load" "repair it"
		fail 2 "$TEXT" "loading took more than $1 s, the confirmed one is back" "try again"
	fi
	rm -f "$TEXT.new" "$DB/$KIND.taken"
	did "to be confirmed from another connection within $1 s"
}

trial_withdraw() {
	[ -e "$DB/$KIND.armed" ] || return 0
	trial_expire "$1" || fail 3 "$TEXT" "the confirmed text does not load" "repair it"
	did "unconfirmed text taken back"
}

# trial_settle: the text on trial becomes the one on disk; also finishes a confirmation that was killed.
trial_settle() {
	local token pid deadline sum rest
	read -r token pid deadline sum rest <"$DB/$KIND.settling"
	if [ -e "$TEXT.new" ] && [ "$(sha256 -q "$TEXT.new")" = "$sum" ]; then
		rm -f "$TEXT.prev"
		[ ! -e "$TEXT" ] || ln "$TEXT" "$TEXT.prev"
		sync
		mv -f "$TEXT.new" "$TEXT"
	fi
	"${KIND}_back" && rm -f "$DB/$KIND.settling"
}

# A dead-man may have been killed, or the machine restarted: what nobody guards is taken back.
recover_trials() {
	for KIND in pf sshd; do
		use_trial "$KIND"
		[ ! -e "$DB/$KIND.settling" ] || trial_settle
		if [ -e "$DB/$KIND.expired" ]; then "${KIND}_back" && rm -f "$DB/$KIND.expired"; fi
	done
	overdue_trials
}

overdue_trials() {
	local token pid deadline sum rest
	for KIND in pf sshd; do
		use_trial "$KIND"
		read -r token pid deadline sum rest 2>/dev/null <"$DB/$KIND.armed" || continue
		if [ "$(date +%s)" -gt "$deadline" ]; then
			trial_unconfirmed "$sum" "$((deadline - ${token##*.}))"
		elif ! alive "$pid"; then
			trial_expire "nobody guards it"
		fi
	done
}

# trial_confirm SECONDS: what was taken back is armed again, but the run that finds it so fails first.
# Without SECONDS it is not armed again, so that no run ends well before its text is confirmed.
trial_confirm() {
	local token pid deadline sum connection=
	read -r token pid deadline sum connection 2>/dev/null <"$DB/$KIND.armed"
	if [ "${sum:-}" != "$SUM" ]; then
		trial_failed "$1"
		trial_arm "$1"
		print armed
		exit 0
	fi
	if [ -n "${SSH_CONNECTION:-}" ] && [ "$connection" = "$SSH_CONNECTION" ]; then
		fail 1 "$TEXT" "this connection loaded it" "confirm over a new SSH connection"
	fi
	mv -f "$DB/$KIND.armed" "$DB/$KIND.settling" 2>/dev/null ||
		fail 2 "$TEXT" "taken back a moment ago" "load it again"
	trial_settle || fail 3 "$TEXT" "confirmed, but does not load" "repair it"
	did "confirmed"
}

trial_failed() {	# SECONDS
	local sum='' why='' told=
	read -r sum why 2>/dev/null <"$DB/$KIND.taken"
	[ "$sum" = "$SUM" ] || why=
	[ ! -e "$DB/$KIND.told" ] || read -r told <"$DB/$KIND.told"
	if [ -n "$why" ] && [ "$told" != "$why" ]; then
		print -r -- "$why" >"$DB/$KIND.told"
		fail 2 "$TEXT" "taken back $why" "let it admit the connection that configures it"
	fi
	[ -n "$1" ] ||
		fail 2 "$TEXT" "not on trial${why:+, taken back $why}" "correct the text, or load it again"
}

# trial_command KIND MODE load|confirm|settle|rollback [SECONDS]: the kind's subcommand.
trial_command() {
	case ${3:-}$# in
	load4 | confirm4) case $4 in ('' | 0* | *[!0-9]*) usage_error "$4" ;; esac ;;
	settle3 | rollback3) ;;
	*) usage_error "$1" ;;
	esac
	lock
	use_trial "$1"
	if [ "$3" = rollback ]; then
		rm -f "$DB/$KIND.taken"
		trial_withdraw "asked for"
		return
	fi
	trial_text "$2"
	if cmp -s "$TEXT.new" "$TEXT"; then
		rm -f "$TEXT.new"
		trial_withdraw "the confirmed one was loaded again"
		"${KIND}_same"
	elif [ "$3" = load ]; then
		trial_arm "$4"
	else
		trial_confirm "${4:-}"
	fi
}
