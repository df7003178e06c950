# ---- what might lock everybody out: pf, its further rules, and sshd
#
# The text on disk is always one that was confirmed. A new one runs on trial until a second connection
# confirms it; else the dead-man puts the confirmed one back, and so does a reboot. Where the service was
# off, the trial turns it on, and going back turns it off again: nothing is turned on without a trial.
#
# KIND.armed holds TOKEN PID DEADLINE SHA256 CONNECTION. Who renames it decides: the dead-man (or
# whoever stands in for it) to KIND.expired, the confirmation to KIND.settling. Either stays until the
# confirmed text runs, is tried again meanwhile, and KIND.stuck says what runs instead. KIND.taken holds
# SHA256 and why, of the text that nobody confirmed in time: it is reported once, and tried again only then.
# The mark OFF says that the service was off before the trial; the next boot decides on that anew.
#
# Of a KIND there are: KIND_check FILE; KIND_off; KIND_try FILE, which lets it run, and turns it on;
# KIND_back, which lets the confirmed one run, or turns it off, also if only half of a trial was begun, and
# leaves in INSTEAD what runs if it fails (in the background, so without $WORK); KIND_proven, whether this
# connection shows that the text on trial lets somebody in; KIND_same, for a text that should run already.

KINDS='pf pfuser sshd'
KIND=
TEXT=
SERVICE=
OFF=
BUSY=
INSTEAD=
# The token of the trial that this run began. It is printed, and the stack confirms what has another one than
# last time: the text alone may be the one that was confirmed before.
TRIAL=

# Pauses between attempts to let the confirmed text run, seconds.
FIRST_PAUSE=5 LONGEST_PAUSE=60

use_trial() {
	KIND=$1 SERVICE=$1 OFF=$ROOT/var/run/gwctl.$1.off BUSY=$ROOT/var/run/gwctl.$1.busy
	case $1 in
	pf) TEXT=$ROOT/etc/pf.conf ;;
	pfuser) TEXT=$ROOT/etc/pf.user.conf SERVICE= ;;
	sshd) TEXT=$ROOT/etc/ssh/sshd_config ;;
	esac
}

# trial_is TOKEN FILE
trial_is() {
	local token='' rest
	read -r token rest 2>/dev/null <"$2"
	[ "$token" = "$1" ]
}

# silent COMMAND…: for what runs in the background too.
silent() { limited "$@" </dev/null >/dev/null 2>&1; }

trial_log() { logger -t gwctl -p "daemon.$1" "$KIND: $2"; }

trial_text() {	# MODE
	stage "$TEXT" "$1"
	"${KIND}_check" "$TEXT.new" || fail 1 "$TEXT" "refused by ${KIND%user}" "correct the text" "$WORK/said"
	SUM=$(sha256 -q "$TEXT.new") || fail 1 "$TEXT" "no checksum" "see sha256(1)"
}

# alone COMMAND…: a late return must not load its text after that of a new trial. Whoever is in the way
# is itself limited; after that time it counts as hanging.
alone() {
	local tries=$(((LIMIT + 10) * 5)) status
	until take "$BUSY" || [ $((tries -= 1)) -le 0 ]; do sleep 0.2; done
	"$@"
	status=$?
	case $(readlink "$BUSY") in ("$SELF "*) rm -f "$BUSY" ;; esac
	return $status
}

# trial_back FILE: the confirmed text runs; FILE and KIND.stuck stay until it does.
trial_back() {
	local since rest
	[ -e "$1" ] || return 0
	INSTEAD='nobody knows what runs'
	if "${KIND}_back"; then
		[ ! -e "$DB/$KIND.stuck" ] || trial_log warning "the confirmed text runs again"
		discard "$1" "$DB/$KIND.stuck" "$OFF"
		return 0
	fi
	if ! read -r since rest 2>/dev/null <"$DB/$KIND.stuck"; then
		since=$(date +%s)
		trial_log err "the confirmed text does not run: $INSTEAD"
	fi
	print -r -- "$since $INSTEAD" >"$DB/$KIND.stuck.new" && replace "$DB/$KIND.stuck"
	return 1
}

trial_go_back() { [ ! -e "$DB/$KIND.expired" ] || alone trial_back "$DB/$KIND.expired"; }

trial_expire() {	# REASON
	mv -f "$DB/$KIND.armed" "$DB/$KIND.expired" 2>/dev/null || return 0
	trial_log warning "taken back: $1"
	trial_go_back
}

# trial_unconfirmed SUM SECONDS
trial_unconfirmed() {
	print -r -- "$1 at $(date '+%F %T'), not confirmed within $2 s" >"$DB/$KIND.taken.new" &&
	    replace "$DB/$KIND.taken"
	trial_expire "not confirmed within $2 s"
}

# Runs in the background, without the lock: a run that hangs must not keep the operator locked out. It
# goes on until the confirmed text runs, or another trial began.
trial_dead_man() {	# SECONDS TOKEN
	local token pid deadline sum rest pause=$FIRST_PAUSE
	trap - EXIT INT TERM
	trap '' HUP PIPE
	# In a subshell $$ is the run that made it, which has ended by then.
	SELF=$(exec sh -c 'echo $PPID')
	sleep "$1"
	read -r token pid deadline sum rest <"$DB/$KIND.armed" || exit 0
	[ "$token" = "$2" ] || exit 0
	trial_unconfirmed "$sum" "$1" && exit 0
	until sleep $pause; trial_go_back; do
		pause=$((pause * 2))
		[ $pause -le $LONGEST_PAUSE ] || pause=$LONGEST_PAUSE
	done
}

# What was before the first of several trials in a row is what counts.
trial_before() {
	[ ! -e "$DB/$KIND.armed" ] && [ ! -e "$DB/$KIND.expired" ] || return 0
	discard "$OFF"
	! "${KIND}_off" || : >"$OFF"
}

trial_try() {	# TOKEN
	# Waiting for its turn may have taken its whole time.
	if ! trial_is "$1" "$DB/$KIND.armed"; then
		print "its time was over before it could be loaded" >"$WORK/said"
		return 1
	fi
	discard "$DB/$KIND.settling" "$DB/$KIND.stuck"
	"${KIND}_try" "$TEXT.new"
}

trial_arm() {	# SECONDS
	local now token
	now=$(date +%s)
	token=$$.$now
	TRIAL=$token
	trial_before || fail 1 "$TEXT" "not armed" "look at ${OFF%/*}"
	# exec, as a shell keeps a copy of what a redirected function hides, and ssh would wait for it.
	( exec </dev/null >/dev/null 2>&1; trial_dead_man "$1" "$token" ) &
	if ! print -r -- "$token $! $((now + $1)) $SUM ${SSH_CONNECTION:--}" >"$DB/$KIND.armed.new" ||
	    ! replace "$DB/$KIND.armed"; then
		fail 1 "$TEXT" "not armed" "look at $DB"
	fi
	# An earlier return that never succeeded: from here on it would only be in the way.
	trial_is "$token" "$DB/$KIND.expired" || discard "$DB/$KIND.expired"
	if ! alone trial_try "$token"; then
		mv -f "$WORK/said" "$WORK/why"
		{ trial_expire "it does not load"; trial_go_back; } || trial_stuck
		fail 2 "$TEXT" "it does not load, the confirmed one is back" "correct it" "$WORK/why"
	fi
	if ! trial_is "$token" "$DB/$KIND.armed"; then
		trial_go_back || trial_stuck
		fail 2 "$TEXT" "loading took more than $1 s, the confirmed one is back" "try again"
	fi
	rm -f "$TEXT.new" "$DB/$KIND.taken"
	did "to be confirmed from another connection within $1 s, trial $TRIAL"
}

# The confirmed text should run, and no trial is to blame that it does not.
trial_again() {	# WHAT
	discard "$OFF"
	print -r -- again >"$DB/$KIND.expired"
	trial_go_back || trial_stuck
	did "$1"
}

stuck_text() {
	local since='' instead=
	read -r since instead 2>/dev/null <"$DB/$KIND.stuck"
	print -r -- "the confirmed text does not run: ${instead:-see the log}"
}

# What is left to do is tried again by the dead-man, by the watchdog and by each run.
trial_stuck() { fail 3 "$TEXT" "$(stuck_text)" "repair it, it is tried again" "$WORK/why"; }

trial_warn() { print -r -u2 -- "gwctl: ${TEXT#"$ROOT"}: $(stuck_text)"; }

trial_withdraw() {
	[ -e "$DB/$KIND.armed" ] || return 0
	trial_expire "$1" || trial_stuck
	did "unconfirmed text taken back"
}

# trial_settle: the text on trial becomes the one on disk; also finishes a confirmation that was killed.
trial_settle() {
	local token pid deadline sum rest
	read -r token pid deadline sum rest <"$DB/$KIND.settling"
	if [ -e "$TEXT.new" ] && [ "$(sha256 -q "$TEXT.new")" = "$sum" ]; then
		discard "$TEXT.prev"
		[ ! -e "$TEXT" ] || ln "$TEXT" "$TEXT.prev"
		replace "$TEXT"
	fi
	# What was confirmed is on from now on, also after the next boot.
	discard "$OFF"
	alone trial_back "$DB/$KIND.settling"
}

# A dead-man may have been killed, or the machine restarted: what nobody guards is taken back.
recover_trials() {
	for KIND in $KINDS; do
		use_trial "$KIND"
		# Of a run that was killed: what finds it so takes it away.
		[ ! -h "$BUSY" ] || ! take "$BUSY" || rm -f "$BUSY"
		[ ! -e "$DB/$KIND.settling" ] || trial_settle || trial_warn
		trial_go_back || trial_warn
	done
	overdue_trials
}

# The watchdog's part. Only settling needs the lock; who holds it does that too, or the next pass will.
unfinished_trials() {
	for KIND in $KINDS; do
		use_trial "$KIND"
		[ ! -e "$DB/$KIND.settling" ] || ( GWCTL_LOCK_SECONDS=1; trap unlock EXIT; lock )
		trial_go_back
	done
}

overdue_trials() {
	local token pid deadline sum rest
	for KIND in $KINDS; do
		use_trial "$KIND"
		read -r token pid deadline sum rest 2>/dev/null <"$DB/$KIND.armed" || continue
		if [ "$(date +%s)" -gt "$deadline" ]; then
			trial_unconfirmed "$sum" "$((deadline - ${token##*.}))"
		elif ! alive "$pid" "$KIND load" && ! alive "$pid" "$KIND confirm"; then
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
		print -r -- "armed: trial $TRIAL"
		exit 0
	fi
	if [ -n "${SSH_CONNECTION:-}" ] && [ "$connection" = "$SSH_CONNECTION" ]; then
		fail 1 "$TEXT" "this connection loaded it" "confirm over a new SSH connection"
	fi
	"${KIND}_proven"
	mv -f "$DB/$KIND.armed" "$DB/$KIND.settling" 2>/dev/null ||
		fail 2 "$TEXT" "taken back a moment ago" "load it again"
	trial_settle || trial_stuck
	did "confirmed"
	# What was confirmed is also what boots.
	[ -z "$SERVICE" ] || enabled "$SERVICE" || { quiet rcctl enable "$SERVICE" && did "$SERVICE enabled"; }
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
		discard "$DB/$KIND.taken"
		trial_withdraw "asked for"
		if [ -e "$DB/$KIND.expired" ] || [ -e "$DB/$KIND.settling" ]; then trial_stuck; fi
		[ ! -e "$TEXT" ] || "${KIND}_same"
		return
	fi
	trial_text "$2"
	if cmp -s "$TEXT.new" "$TEXT" && ! on_trial; then
		trial_withdraw "the confirmed one was loaded again"
		"${KIND}_off" || {
			rm -f "$TEXT.new"
			"${KIND}_same"
			return
		}
	fi
	if [ "$3" = load ]; then
		trial_arm "$4"
	else
		trial_confirm "${4:-}"
	fi
}

on_trial() {
	local token pid deadline sum='' rest
	read -r token pid deadline sum rest 2>/dev/null <"$DB/$KIND.armed"
	[ "$sum" = "$SUM" ]
}
