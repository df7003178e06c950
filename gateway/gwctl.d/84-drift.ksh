# ---- drift
#
# What `gateway drift` looks at beside the state, in sections of the same form.

# The daemon's main file is nobody's text: it follows from the tunnels that are there.
main_files() {
	local daemon
	for daemon in iked isakmpd; do
		enabled $daemon || continue
		use $daemon
		[ -e "$MAIN" ] || { print -r -- "missing ${MAIN#"$ROOT"}"; continue; }
		main_text | cmp -s - "$MAIN" || print -r -- "changed ${MAIN#"$ROOT"}"
	done
}

cmd_drift() {	# [errata]; specs of packages on standard input
	local spec
	case $#${1:-} in (0 | 1errata) ;; (*) usage_error "$1" ;; esac
	scratch
	cat >"$SCRATCH/specs"
	cmd_state </dev/null
	print -- "--- main"
	main_files
	print -- "--- packages"
	grep -v '^#' "$SCRATCH/specs" | while read -r spec; do
		if installed "$spec"; then print -r -- "$spec $PKG"; else print -r -- "$spec -"; fi
	done
	[ $# -eq 0 ] || {
		print -- "--- errata"
		syspatch_lists "$SCRATCH"
	}
}

READS="$READS drift"

