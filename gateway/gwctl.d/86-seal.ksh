# ---- a disk that another gateway starts from
#
# `seal arm` leaves work for the next boot of the machine with that UUID: a copy of this disk, which
# nobody has connected to a network. This machine's own next boot only takes the order away, as rc(8)
# runs rc.firsttime once. The copy then loses everything but what every gateway has, and waits for an
# identity.

ORDER=$ROOT/etc/rc.firsttime
IDENTITY=install.site

CONSOLE=${GWCTL_CONSOLE:-/dev/console}

# Whoever reads the console of the copy waits for these words.
tell_console() { print -r -- "gwctl: $1" >>"$CONSOLE"; }

seal_failed() {
	tell_console "seal: failed: $*"
	exit 2
}

# overwrite FILE: every byte it has and none behind its end, in place: FFS gives a file that is
# written without being cut the blocks it has, and a file that grows may get others.
overwrite() {
	local size whole rest
	size=$(wc -c <"$1") || return 1
	whole=$((size / 65536)) rest=$((size % 65536))
	{
		[ $whole -eq 0 ] || dd if=/dev/zero bs=65536 count=$whole || return 1
		[ $rest -eq 0 ] || dd if=/dev/zero bs=$rest count=1 || return 1
	} 1<>"$1" 2>/dev/null && to_disk "$1"
}

# A line of a list is one name: what has a newline in its name gets another one, wherever it is, from the
# bottom up.
rename_odd() {	# DIRECTORY
	# shellcheck disable=SC2016 # the other shell's
	find "$1" -xdev -depth -name "*
*" -exec sh -c '
	n=0
	for file; do
		while other=${file%/*}/.gwctl-odd.$$.$n; [ -e "$other" ] || [ -h "$other" ]; do n=$((n + 1)); done
		mv "$file" "$other" || exit 1
	done' sh {} +
}

# found FILE ARGUMENTS…: what find(1) prints. It fails for what goes away while it looks, as the pid files of
# daemons that end.
found() {
	local file=$1
	shift
	find "$@" >"$file" 2>/dev/null || { sleep 1; find "$@" >"$file"; } || { sleep 1; find "$@" >"$file"; }
}

# Of lines of ls -i, the names that go of files of which another name is kept: the bytes are what is kept.
linked() {
	# shellcheck disable=SC2016 # awk's
	sorted_out '
	{
		sub(/^ */, "")
		inode = $1
		path = substr($0, length(inode) + 2)
		if (kept(relative(path)))
			stays[inode] = 1
		else
			goes[path] = inode
	}
	END {
		for (path in goes)
			if (goes[path] in stays)
				print path
	}' <"$1"
}

# going DIRECTORY: notes in $GONE what goes of a file system, and prints what is to be overwritten.
going() {
	rename_odd "$1" && found "$SEALED/links" "$1" -xdev -type f -links +1 -exec ls -id {} + &&
		found "$SEALED/all" "$1" -xdev ! -type d ! -type b ! -type c -print || return 1
	linked "$SEALED/links" >"$SEALED/linked"
	# shellcheck disable=SC2016 # awk's
	sorted_out '!kept(relative($0))' <"$SEALED/all" >"$SEALED/going"
	cat "$SEALED/going" >>"$GONE"
	sort "$SEALED/going" "$SEALED/linked" | uniq -u
}

# wipe LIST: overwrites and removes what is not kept on the file systems of the list.
wipe() {
	local device directory file
	while read -r device directory; do
		going "$ROOT$directory" >"$SEALED/overwritten" ||
			seal_failed "$directory cannot be read as a whole, or flags of chflags(1) hold a file there"
		while IFS= read -r file; do
			[ ! -f "$file" ] || [ -h "$file" ] || overwrite "$file" ||
				seal_failed "${file#"$ROOT"} could not be overwritten: see that it does not run" \
					"and has no flag of chflags(1) on the first gateway, and copy that again"
		done <"$SEALED/overwritten"
	done <"$1"
	# The zeros are on the disk before the names go: a freed block would never be written.
	while IFS= read -r file; do
		rm -f "$file" || seal_failed "${file#"$ROOT"} could not be removed"
	done <"$GONE"
	# A directory that holds something of what is kept stays.
	while read -r device directory; do
		# shellcheck disable=SC2016 # awk's
		find "$ROOT$directory" -xdev -depth -type d -print | sorted_out '!kept_directory(relative($0))' |
			while IFS= read -r file; do rmdir "$file" 2>/dev/null; done
	done <"$1"
}

# unmounted LIST: what a file system of fstab(5) that is not in the list holds would stay. The types are those
# without a part of this disk.
unmounted() {
	[ ! -e "$ROOT/etc/fstab" ] || awk '
	FILENAME == ARGV[1] { mounted[$2] = 1; next }
	/^#/ || NF < 3 || $3 ~ /^(swap|nfs|mfs|tmpfs|procfs|fuse|cd9660|udf|xx)$/ { next }
	!($2 in mounted) { print $2; exit }' "$1" "$ROOT/etc/fstab"
}

# `DEVICE DIRECTORY` of every file system on a disk that can be written.
file_systems() {
	mount | awk '$1 ~ "^/dev/" && $2 == "on" && !/read-only|[(,]ro[,)]/ && !seen[$1]++ { print $1, $3 }'
}

# Old texts lie in free blocks, and the ends of small ones in the free fragments of used blocks, which
# only files of one fragment get.
clear_free() {
	local device directory failed=0
	while read -r device directory; do
		directory=$ROOT$directory/.gwctl-zeros
		rm -rf "$directory"
		mkdir "$directory" || { failed=1; continue; }
		dd if=/dev/zero of="$directory/blocks" bs=65536 2>/dev/null
		to_disk "$directory/blocks" || failed=1
		(cd "$directory" && split -b 512 -a 4 - f </dev/zero 2>/dev/null)
		# Too many to flush one by one. sync(8) begins every write of theirs, and the removal of a file
		# waits for those that have begun (vinvalbuf).
		sync
		# What ended it has to have been the end of the space.
		{ print >"$directory/more" && [ -s "$directory/more" ]; } 2>/dev/null && failed=1
		rm -rf "$directory"
	done <"$LIST"
	return $failed
}

# A crash dump of the kernel lies there too, and a kernel's memory holds every key.
clear_swap() {
	local device
	swapctl -lk 2>/dev/null | awk '$1 ~ "^/dev/" { print $1 }' | while read -r device; do
		swapctl -d "$device" 2>/dev/null && dd if=/dev/zero of="/dev/r${device#/dev/}" bs=65536 2>/dev/null
	done
	return 0
}

# The order that an identity is waited for; it stays until one came.
await_identity() {
	print -r -- '/usr/local/sbin/gwctl identity' >"$ORDER" && chmod 600 "$ORDER" && to_disk "$ORDER"
}

cmd_seal() {
	local uuid=${2:-} service place files
	case $#${1:-} in (2arm | 2run) ;; (*) usage_error seal ;; esac
	case $uuid in ('' | *[!0-9a-f-]*) usage_error "$uuid" ;; esac
	if [ "$1" = arm ]; then
		lock
		[ "$(sysctl -n hw.uuid)" != "$uuid" ] ||
			fail 1 "$ORDER" "this machine itself has the UUID $uuid" "give the copy's"
		rm -f "$ORDER.new"
		{ [ ! -e "$ORDER" ] || grep -v '/gwctl seal run' "$ORDER"; } >"$ORDER.new"
		print -r -- "/usr/local/sbin/gwctl seal run $uuid" >>"$ORDER.new"
		if ! chmod 600 "$ORDER.new" || ! replace "$ORDER"; then
			fail 1 "$ORDER" "cannot be written" "look at its directory and free space"
		fi
		did "armed for $uuid"
		return
	fi
	[ "$(sysctl -n hw.uuid)" = "$uuid" ] || return 0
	SEALED=$(mktemp -d "$ROOT/var/run/gwctl-seal.XXXXXX") || seal_failed "/var/run cannot be written"
	LIST=$SEALED/list GONE=$SEALED/gone KEPT=$SEALED/kept RELEASE=$SEALED/release
	: >"$GONE"
	for place in $SOURCES; do
		[ -s "$ROOT/$place" ] ||
			seal_failed "/$place is not there, which says what the system has:" \
				"put the first gateway's back, and copy that again"
	done
	file_systems >"$LIST"
	[ -s "$LIST" ] || seal_failed "mount(8) names no file system on a disk"
	place=$(unmounted "$LIST")
	[ -z "$place" ] ||
		seal_failed "$place of fstab(5) is not mounted for writing, and what it holds would stay:" \
			"have the first gateway mount it so at its start, and copy that again"
	for service in "$WATCHER" isakmpd iked sshd cron smtpd syslogd $(ask rcctl ls started 2>/dev/null); do
		limited rcctl stop "$service" </dev/null >/dev/null 2>&1
	done
	release "$RELEASE" || seal_failed "/var/sysmerge/etc.tgz cannot be unpacked"
	keep >"$KEPT" || seal_failed "/var/run cannot be written"
	rewritten "$SEALED/system" || seal_failed "the accounts cannot be read"
	wipe "$LIST"
	put_back_system "$SEALED/system" || seal_failed "the system's own files cannot be put back"
	await_identity || seal_failed "$ORDER cannot be written"
	files=$(wc -l <"$GONE" | tr -d ' ')
	# Names are of the first gateway too.
	find "$SEALED" -type f ! -name list -exec rm -f {} +
	clear_free || seal_failed "the free space could not be filled"
	clear_swap
	tell_console "seal: done: $files files"
	rm -rf "$SEALED"
	halt -p
}

# On the copy, at its first start with an identity medium beside it: what that says it is. Without one
# it does not start, so that it is never on a network as nobody.
cmd_identity() {
	local medium
	[ $# -eq 0 ] || usage_error identity
	cd "$ROOT/" || exit 2
	for medium in ${GWCTL_MEDIA:-/dev/rcd0c /dev/rsd1c}; do
		rm -f "$IDENTITY"
		[ -r "$medium" ] || continue
		tar -xpf "$medium" "$IDENTITY" 2>/dev/null
		[ -s "$IDENTITY" ] || continue
		if sh "./$IDENTITY" >>"$CONSOLE" 2>&1; then
			tell_console "identity: done"
			shutdown -p now
			return 0
		fi
		tell_console "identity: failed"
		break
	done
	rm -f "$IDENTITY"
	await_identity
	tell_console "identity: this disk is sealed and waits for its identity"
	halt -p
	exit 2
}

CHANGES="$CHANGES seal identity"

