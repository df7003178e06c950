# ---- pf: a ruleset on trial is in the kernel only
#
# DB/pf.last is the last resort, loaded where the confirmed text does not load: the lines that follow
# `# gwctl last ` in that text, which are SSH from the administrators and IKE with the peers. Where the
# confirmed text has none, they are those of the text on trial, and let the connection in that loads it.

PF_LAST=$DB/pf.last

pf_check() { quiet pfctl -nf "$1"; }
pf_off() { case $(ask pfctl -s info 2>/dev/null) in ('Status: Disabled'*) ;; (*) return 1 ;; esac; }
pf_loaded() { [ "$(ask pfctl -sr 2>/dev/null | rules)" = "$(ask pfctl -nvf "$TEXT" 2>/dev/null | rules)" ]; }

pf_try() {
	pf_last "$1"
	if [ ! -e "$OFF" ]; then
		quiet pfctl -f "$1"
		return
	fi
	{ pf_connections && cat "$1"; } >"$WORK/on" && quiet pfctl -f "$WORK/on" || return 1
	! pf_off || quiet pfctl -e
}

# While pf was off no connection got a state, and would be cut off when it is turned on, this one too. Those
# of this client go on; a new one begins with a SYN, on which the text decides, so that it proves something.
pf_connections() {
	# shellcheck disable=SC2086 # words without blanks: client, its port, our address, our port
	set -- ${SSH_CONNECTION:-}
	[ $# -eq 4 ] || return 0
	print -r -- "pass in quick proto tcp from $1 to any port $4 flags A/SA keep state (sloppy)"
	print -r -- "pass out quick proto tcp from any port $4 to $1 flags A/SA keep state (sloppy)"
}

pf_back() {
	local text=$TEXT
	[ ! -e "$OFF" ] || pf_off || silent pfctl -d
	[ -e "$text" ] || text=/dev/null
	if silent pfctl -f "$text"; then
		[ -z "$(pf_last_of "$text")" ] || pf_last "$text"
		return 0
	fi
	if [ -s "$PF_LAST" ] && silent pfctl -f "$PF_LAST"; then
		INSTEAD='the last resort does, SSH from the administrators and IKE only'
	else
		INSTEAD='nor does the last resort, see pfctl -s rules'
	fi
	return 1
}

pf_proven() { ! pf_off || fail 1 "$TEXT" "pf is off, so this connection proves nothing" "load it again"; }

# Whatever was loaded by hand; off it stays off.
pf_same() {
	pf_loaded || trial_again "rules loaded again"
	! pf_off || remark "pf is off"
}

pf_last_of() { sed -n 's/^# gwctl last //p' "$1" 2>/dev/null; }

pf_last() {	# TEXT
	local confirmed
	confirmed=$(pf_last_of "$TEXT")
	if [ -n "$confirmed" ]; then print -r -- "$confirmed"; else pf_last_on_trial "$1"; fi >"$PF_LAST.new"
	if cmp -s "$PF_LAST.new" "$PF_LAST" || ! silent pfctl -nf "$PF_LAST.new"; then
		rm -f "$PF_LAST.new"
	else
		replace "$PF_LAST"
	fi
}

pf_last_on_trial() {	# TEXT
	# shellcheck disable=SC2086 # words without blanks: client, its port, our address, our port
	set -- "$1" ${SSH_CONNECTION:-any - - ssh}
	print 'block all\npass on lo'
	pf_last_of "$1"
	print -r -- "pass in quick proto tcp from $2 to any port $5"
}

# rc(8) loads rules of its own before the network starts, and they stay where pf.conf does not load.
pf_boot_rules() { ask pfctl -sr 2>/dev/null | grep -q '^pass out proto carp all !received-on any'; }

# What the boot could not load is taken up like a return that failed; asked once after each boot.
boot_trials() {
	local mark=$ROOT/var/run/gwctl.booted
	[ ! -e "$mark" ] || return 0
	mkdir -p "$DB"
	use_trial pf
	if [ -e "$TEXT" ] && [ ! -e "$DB/pf.armed" ] && pf_boot_rules && ! pf_loaded; then
		trial_log err "${TEXT#"$ROOT"} did not load at boot: rc(8)'s own rules ran, SSH from anywhere and no IKE"
		print -r -- boot >"$DB/pf.expired"
	fi
	use_trial pfuser
	if [ -e "$TEXT" ] && [ ! -e "$DB/pfuser.armed" ] && [ -z "$(ask pfctl -a $USER_ANCHOR -sr 2>/dev/null)" ] &&
	    ! pfuser_loaded; then
		trial_log err "${TEXT#"$ROOT"} did not load at boot"
		print -r -- boot >"$DB/pfuser.expired"
	fi
	: >"$mark"
}

cmd_pf() { trial_command pf 0600 ${1+"$@"}; }

CHANGES="$CHANGES pf"
