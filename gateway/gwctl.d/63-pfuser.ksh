# ---- pfuser: the stack's further rules, in an anchor of pf.conf that is loaded by itself
#
# What is wrong in them can so never keep pf.conf from loading. /etc/hostname.enc0 loads them at boot, before
# rc(8) loads pf.conf: an anchor keeps its rules when the main ruleset changes.

USER_ANCHOR=user

pfuser_check() {
	if pf_off; then
		print "pf is off, so a trial would prove nothing" >"$WORK/said"
		return 1
	fi
	quiet pfctl -a $USER_ANCHOR -nf "$1"
}

pfuser_off() { return 1; }
pfuser_try() { quiet pfctl -a $USER_ANCHOR -f "$1"; }
pfuser_proven() { pf_proven; }

pfuser_back() {
	if [ ! -e "$TEXT" ]; then
		silent pfctl -a $USER_ANCHOR -F rules
	else
		INSTEAD='nobody knows which of the further rules run'
		silent pfctl -a $USER_ANCHOR -f "$TEXT" && return
		! silent pfctl -a $USER_ANCHOR -F rules || INSTEAD='none of the further rules do'
		return 1
	fi
}

# Of rules that pfctl refuses it prints none, as many as run then.
pfuser_loaded() {
	silent pfctl -a $USER_ANCHOR -nf "$TEXT" && [ "$(ask pfctl -a $USER_ANCHOR -sr 2>/dev/null | rules)" = \
		"$(ask pfctl -a $USER_ANCHOR -nvf "$TEXT" 2>/dev/null | rules)" ]
}

pfuser_same() { pfuser_loaded || trial_again "rules loaded again"; }

cmd_pfuser() { trial_command pfuser 0600 ${1+"$@"}; }

CHANGES="$CHANGES pfuser"
