# ---- sysctl, packages
#
# $DB/packages holds the specs, one a line, of the packages that gwctl installed: only these are ever
# removed again.

PKGDB=$ROOT/var/db/pkg
OURS=$DB/packages
MIRROR_LIMIT=3600	# what fetches from a mirror may take, seconds

# The kernel is asked first: a name or value that it refuses never reaches the file. The values that
# run are compared as well, so that one which was changed by hand is put back.
cmd_sysctl() {
	local file=$ROOT/etc/sysctl.conf name value now
	[ $# -eq 0 ] || usage_error "$1"
	lock
	stage "$file" 0644 root:wheel
	remember /etc/sysctl.conf
	: >"$WORK/before"
	sed -n 's/^\([A-Za-z][A-Za-z0-9_.-]*\)=\([^ #]*\).*/\1 \2/p' "$file.new" >"$WORK/wanted"
	while read -r name value; do
		now=$(sysctl -n "$name" </dev/null 2>"$WORK/said") ||
			sysctl_refused "$name is not known" "correct its name"
		[ "$now" != "$value" ] || continue
		print -r -- "$name=$now" >>"$WORK/before"
		quiet sysctl "$name=$value" || sysctl_refused "$name does not take $value" "correct it"
		did "$name=$value"
	done <"$WORK/wanted"
	if same_file "$file.new" "$file"; then rm -f "$file.new"; return; fi
	replace "$file" && did /etc/sysctl.conf
}

sysctl_refused() {	# WHAT FIX
	local line
	cp "$WORK/said" "$WORK/why"
	while read -r line; do quiet sysctl "$line"; done <"$WORK/before"
	fail 1 "$file" "$1" "$2" "$WORK/why"
}

# installed SPEC → PKG: the installed package that is meant. A spec is STEM, STEM--FLAVOUR…,
# STEM%BRANCH or a whole package name (pkg_add(1)); a version starts with the first digit that follows
# a dash (packages-specs(7)).
installed() {
	# shellcheck disable=SC2012 # package names have no blanks
	PKG=$(ls "$PKGDB" 2>/dev/null | awk -v spec="$1" '
	BEGIN {
		at = index(spec, "%")
		if (at) { branch = substr(spec, at + 1); sub(/.*\//, "", branch); spec = substr(spec, 1, at - 1) }
		if ((at = index(spec, "--"))) { flavoured = 1; wanted = substr(spec, at + 2); spec = substr(spec, 1, at - 1) }
	}
	$0 == spec { print; exit }
	match($0, /-[0-9]/) {
		stem = substr($0, 1, RSTART - 1)
		version = substr($0, RSTART + 1)
		flavour = ""
		if ((at = index(version, "-"))) { flavour = substr(version, at + 1); version = substr(version, 1, at - 1) }
		if (stem != spec || (flavoured && flavour != wanted))
			next
		if (branch != "" && version != branch && index(version, branch ".") != 1)
			next
		print
		exit
	}')
	[ -n "$PKG" ]
}

own() {	# SPEC…
	local spec
	{
		cat "$OURS" 2>/dev/null
		for spec; do print -r -- "$spec"; done
	} | sort -u >"$OURS.new"
	replace "$OURS"
}

disown() {	# SPEC
	grep -vxF -- "$1" "$OURS" >"$OURS.new"
	replace "$OURS"
}

cmd_packages() {
	local spec missing='' bad LIMIT=$MIRROR_LIMIT
	[ $# -eq 0 ] || usage_error "$1"
	lock
	stage "$OURS.wanted" 0600
	sed -e '/^#/d' -e '/^$/d' "$OURS.wanted.new" >"$WORK/wanted"
	rm -f "$OURS.wanted.new"
	bad=$(grep -vE '^[A-Za-z0-9][A-Za-z0-9+._%/-]*$' "$WORK/wanted" | head -n 1)
	[ -z "$bad" ] || fail 1 "$PKGDB" "not the name of a package: $bad" "write one as pkg_add(1) takes it"
	remove_unlisted
	while read -r spec; do
		installed "$spec" || missing="$missing $spec"
	done <"$WORK/wanted"
	[ -z "$missing" ] || install_missing
}

install_missing() {
	local spec status=0 absent=
	# Ours from here on, also if this run is killed.
	# shellcheck disable=SC2086 # one word each, as everywhere below
	own $missing
	# shellcheck disable=SC2086
	quiet pkg_add -I $missing || status=$?
	for spec in $missing; do
		if installed "$spec"; then did "$PKG installed"; else absent="$absent $spec"; fi
	done
	[ -n "$absent" ] || return 0
	for spec in $absent; do disown "$spec"; done
	fail 2 "$PKGDB" "pkg_add (exit status $status) did not install$absent" \
		"correct system.packages, or see whether the mirror can be reached" "$WORK/said"
}

remove_unlisted() {
	local spec
	[ -s "$OURS" ] || return 0
	awk 'NR == FNR { wanted[$0] = 1; next } !($0 in wanted)' "$WORK/wanted" - <"$OURS" >"$WORK/unlisted"
	[ -s "$WORK/wanted" ] || cp "$OURS" "$WORK/unlisted"
	while read -r spec; do
		if installed "$spec"; then
			quiet pkg_delete -I "$PKG" || fail 2 "$PKGDB" "$PKG cannot be removed" \
				"list it again, or remove what needs it" "$WORK/said"
			did "$PKG removed"
		fi
		disown "$spec"
	done <"$WORK/unlisted"
}

CHANGES="$CHANGES sysctl packages"

