# ---- pf: a ruleset on trial is in the kernel only

pf_check() { quiet pfctl -nf "$1"; }
pf_try() { quiet pfctl -f "$1"; }
pf_back() { if [ -e "$TEXT" ]; then silent pfctl -f "$TEXT"; else silent pfctl -f /dev/null; fi; }
pf_enabled() { ask pfctl -s info 2>/dev/null | grep -q '^Status: Enabled'; }
pf_loaded() { [ "$(ask pfctl -sr 2>/dev/null | rules)" = "$(ask pfctl -nvf "$TEXT" 2>/dev/null | rules)" ]; }

# The confirmed text was sent again: it is to run, whatever was done by hand.
pf_same() {
	pf_enabled || { quiet pfctl -e && did "pf enabled"; }
	pf_loaded || { pf_back && did "rules loaded again"; }
}

cmd_pf() { trial_command pf 0600 ${1+"$@"}; }

CHANGES="$CHANGES pf"
