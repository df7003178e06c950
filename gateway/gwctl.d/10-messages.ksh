# ---- what is said, and what never is

un=un
notes=

# A change, or something else the operator should know of the run.
did() { un=; remark "$1"; }
remark() { notes=${notes:+$notes, }$1; }
report() { print -r -- "${un}changed${notes:+: $notes}"; }

# acted NAME|all VERB: what is done to a tunnel is logged before it is done. So the daemon's lines from before it are
# distinguished from those after it.
acted() { logger -t gwctl -p daemon.notice "tunnel: $1: $2" || :; }

# mask SECRETS MESSAGES: the messages without any PSK of the first file, wherever it stands in them. The
# longest goes first: of a key that begins with another one the rest would be shown.
mask() {
	awk '
	!messages {
		rest = $0
		while (match(rest, /psk[ \t]+/)) {
			rest = substr(rest, RSTART + RLENGTH)
			value = rest
			quote = substr(rest, 1, 1)
			if (quote == "\"" || quote == "\047") {
				value = substr(rest, 2)
				end = index(value, quote)
			} else
				end = match(value, /[ \t]/)
			if (end > 0)
				value = substr(value, 1, end - 1)
			if (value != "" && !(value in known)) {
				known[value] = 1
				for (n = ++count; n > 1 && length(secrets[n - 1]) < length(value); n--)
					secrets[n] = secrets[n - 1]
				secrets[n] = value
			}
		}
		next
	}
	{
		for (n = 1; n <= count; n++) {
			secret = secrets[n]
			shown = ""
			rest = $0
			while ((at = index(rest, secret)) > 0) {
				shown = shown substr(rest, 1, at - 1) "***"
				rest = substr(rest, at + length(secret))
			}
			$0 = shown rest
		}
		gsub(/psk[ \t]+("[^"]*"?|\047[^\047]*\047?)/, "psk ***")
		print
	}' "$1" messages=1 "$2"
}

# What a command may take, seconds; a part whose commands take longer sets it for them.
LIMIT=${GWCTL_LIMIT_SECONDS:-120}

# become SECONDS COMMAND…: a subshell's last act. A command that hangs is ended with everything it started in
# its process group. timeout(1) does not notice a command that ends before it listens for that, and then waits
# for its whole limit. The end of a second child wakes it, and it finds the command first, as the newer of the two.
become() {
	sleep 1 >/dev/null 2>&1 &
	exec timeout -k 5 "$@"
}

bounded() { ( become "$@" ); }

# overdue STATUS COMMAND…: of a command that had $LIMIT seconds.
overdue() {
	case $1 in (124 | 137) print -r -u2 -- "$2 took more than $LIMIT s and was ended" ;; esac
	return "$1"
}

limited() {	# COMMAND…
	bounded "$LIMIT" "$@"
	overdue $? "$1"
}

# quiet COMMAND…: what it says is kept for an error message and shown nowhere else. The files that it
# makes, and its daemons, get the system's usual umask.
quiet() {
	( umask 022; become "$LIMIT" "$@" ) </dev/null >"$WORK/said" 2>&1
	overdue $? "$1" 2>>"$WORK/said"
}

# ask COMMAND…: a question to the system that is not worth waiting long for.
ask() { bounded "${GWCTL_LIMIT_SECONDS:-20}" "$@" </dev/null; }

# explain FILE MESSAGES: what is not known in full cannot be masked, and then nothing is shown.
explain() {
	local file
	: >"$WORK/secrets"
	for file in "$ROOT"/etc/iked/*.conf* "$ROOT"/etc/ipsec/*.conf* "$ROOT"/etc/ipsec.conf \
	    "$ROOT"/etc/iked.conf "$1" "$1.new"; do
		[ ! -f "$file" ] || cat "$file" >>"$WORK/secrets" 2>/dev/null || return 0
	done
	mask "$WORK/secrets" "$2" | sed -e 's/\.new:/:/' -e 's/^/gwctl:   /' | head -n 20
}

# fail STATUS PATH WHAT FIX [MESSAGES]: ends the run; MESSAGES is a file with a command's own words.
fail() {
	print -r -u2 -- "gwctl: ${2#"$ROOT"}: $3: $4"
	if [ -s "${5:-/dev/null}" ]; then
		explain "$2" "$5" >&2
	fi
	# Without the lock it is another run's.
	[ -z "$locked" ] || rm -f "$2.new"
	exit "$1"
}

