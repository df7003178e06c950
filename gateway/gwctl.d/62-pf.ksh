# ---- pf: a ruleset on trial is in the kernel only

pf_check() { quiet pfctl -nf "$1"; }
pf_try() { quiet pfctl -f "$1"; }
pf_back() { if [ -e "$TEXT" ]; then silent pfctl -f "$TEXT"; else silent pfctl -f /dev/null; fi; }

cmd_pf() { trial_command pf 0600 ${1+"$@"}; }

CHANGES="$CHANGES pf"
