# ---- a disk that another gateway starts from
#
# `seal arm` leaves work for the next boot of the machine with that UUID: a copy of this disk, which
# nobody has connected to a network. This machine's own next boot only takes the order away, as rc(8)
# runs rc.firsttime once. The copy then loses everything that is this gateway's own, and waits for
# an identity.

ORDER=$ROOT/etc/rc.firsttime
IDENTITY=install.site

CONSOLE=${GWCTL_CONSOLE:-/dev/console}

# Whoever reads the console of the copy waits for these words.
tell_console() { print -r -- "gwctl: $1" >>"$CONSOLE"; }

# Keys, seeds, leases, logs, what a shell remembers, and the copies that security(8) and crash dumps
# keep of such files. What a file system holds of them is below these names, or is free.
OWN='etc/ssh/ssh_host_* etc/isakmpd etc/iked etc/iked.conf* etc/ipsec etc/ipsec.conf* etc/ssl/private
	etc/random.seed etc/soii.key etc/hostname.* etc/myname etc/mygate etc/resolv.conf* etc/pf.conf*
	etc/pf.user.conf* etc/gwctl.watch* root/.ssh home/*/.ssh root/.*history
	home/*/.*history var/db/gwctl var/db/host.random var/db/dhclient.leases* var/db/dhcpleased
	var/log var/backups var/crash var/mail var/cron/log* var/tmp tmp'

# overwrite FILE: in place; FFS gives a file that is written without being cut the blocks it has.
overwrite() {
	local size
	size=$(wc -c <"$1") || return 1
	[ "$size" -eq 0 ] || dd if=/dev/zero of="$1" bs=65536 count=$(((size + 65535) / 65536)) conv=notrunc 2>/dev/null
}

# Directories stay: programs expect theirs, with their owners and modes.
wipe() {
	local place file failed=0
	# shellcheck disable=SC2086 # the names are patterns
	for place in $(cd "$ROOT/" && print -- $OWN); do
		place=$ROOT/$place
		[ -e "$place" ] || [ -h "$place" ] || continue
		find "$place" ! -type d -print || failed=1
	done >"$GONE"
	while read -r file; do
		[ ! -f "$file" ] || [ -h "$file" ] || overwrite "$file" || failed=1
	done <"$GONE"
	# Zeros on the disk before the names go: a freed block would never be written.
	sync
	while read -r file; do
		case $file in
		"$ROOT"/var/log/*.[0-9]*) rm -f "$file" ;;
		# syslogd writes only into files that are there.
		"$ROOT"/var/log/*) : >"$file" ;;
		*) rm -f "$file" ;;
		esac || failed=1
	done <"$GONE"
	sync
	return $failed
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
		sync
		(cd "$directory" && split -b 512 -a 4 - f </dev/zero 2>/dev/null)
		sync
		# What ended it has to have been the end of the space.
		{ print >"$directory/more" && [ -s "$directory/more" ]; } 2>/dev/null && failed=1
		rm -rf "$directory"
		sync
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
	print -r -- '/usr/local/sbin/gwctl identity' >"$ORDER" && chmod 600 "$ORDER" && sync
}

cmd_seal() {
	local uuid=${2:-} service
	case $#${1:-} in (2arm | 2run) ;; (*) usage_error seal ;; esac
	case $uuid in ('' | *[!0-9a-f-]*) usage_error "$uuid" ;; esac
	if [ "$1" = arm ]; then
		lock
		[ "$(sysctl -n hw.uuid)" != "$uuid" ] ||
			fail 1 "$ORDER" "this machine itself has the UUID $uuid" "give the copy's"
		rm -f "$ORDER.new"
		{ [ ! -e "$ORDER" ] || grep -v '/gwctl seal run' "$ORDER"; } >"$ORDER.new"
		print -r -- "/usr/local/sbin/gwctl seal run $uuid" >>"$ORDER.new"
		if ! chmod 600 "$ORDER.new" || ! mv -f "$ORDER.new" "$ORDER"; then
			fail 1 "$ORDER" "cannot be written" "look at its directory and free space"
		fi
		sync
		did "armed for $uuid"
		return
	fi
	[ "$(sysctl -n hw.uuid)" = "$uuid" ] || return 0
	SEALED=$(mktemp -d "$ROOT/var/run/gwctl-seal.XXXXXX") ||
		{ tell_console "seal: failed: /var/run cannot be written"; exit 2; }
	LIST=$SEALED/list GONE=$SEALED/gone
	for service in "$WATCHER" isakmpd iked sshd cron smtpd syslogd; do
		limited rcctl stop "$service" </dev/null >/dev/null 2>&1
	done
	wipe || { tell_console "seal: failed: a file could not be overwritten"; exit 2; }
	await_identity || { tell_console "seal: failed: $ORDER cannot be written"; exit 2; }
	file_systems >"$LIST"
	[ -s "$LIST" ] || { tell_console "seal: failed: mount(8) names no file system on a disk"; exit 2; }
	clear_free || { tell_console "seal: failed: the free space could not be filled"; exit 2; }
	clear_swap
	tell_console "seal: done: $(wc -l <"$GONE" | tr -d ' ') files"
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
			sync
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

