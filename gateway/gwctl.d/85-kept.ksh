# ---- what a sealed disk keeps
#
# Whatever is not on this list is wiped: a list of what to remove would always lack something. $KEPT has one
# line each, `f PATH` of a file, `t PATH` of all below a directory, `d PATH` of a directory, relative to the root.

# Of the release as a whole; nobody else has files there.
SYSTEM='bin sbin usr/bin usr/sbin usr/games usr/lib usr/libdata usr/libexec usr/include usr/mdec usr/share
	usr/X11R6 etc/examples etc/firmware etc/mtree etc/rpki var/syspatch'

# Of the release, and none of those that sysmerge(8) merges, which may have been changed.
RELEASED='boot bsd bsd.mp bsd.rd bsd.sp bsd.booted sys dev/MAKEDEV
	etc/amd/master.sample etc/daily etc/disktab etc/ldap/bsd.schema etc/ldap/core.schema
	etc/ldap/inetorgperson.schema etc/ldap/nis.schema etc/magic etc/moduli etc/monthly etc/netstart etc/pf.os
	etc/ppp/chatscript.sample etc/ppp/options.sample etc/protocols etc/rc etc/rc.conf etc/rc.d/rc.subr etc/rmt
	etc/rpc etc/services etc/weekly usr/local/sbin/gwctl var/db/kernel.SHA256 var/db/libc.tags
	var/run/ld.so.hints var/sysmerge/etc.tgz var/sysmerge/etcsum var/sysmerge/pkgsum var/sysmerge/xetc.tgz
	var/sysmerge/xetcsum var/www/bin/bgpctl var/www/bin/ping var/www/bin/ping6 var/www/bin/traceroute
	var/www/bin/traceroute6 var/www/cgi-bin/bgplg var/yp/Makefile.main var/yp/Makefile.main.dist
	var/yp/Makefile.yp var/yp/Makefile.yp.dist var/yp/README'

# Written anew, from what they were.
REWRITTEN='etc/master.passwd etc/passwd etc/pwd.db etc/spwd.db etc/group etc/ttys etc/hosts'

# What the system says of itself. Without one of these nothing would be kept that should be.
SOURCES='etc/mtree/4.4BSD.dist etc/rc.conf var/sysmerge/etc.tgz'

# For an awk program: kept(PATH) and kept_directory(PATH). A name that was given to something with a newline in
# its name is nobody's.
# shellcheck disable=SC2016 # awk's
KEEPING='
BEGIN {
	while ((getline line <ENVIRON["KEPT"]) > 0)
		list[substr(line, 1, 1), substr(line, 3)] = 1
}
function below(path) {
	while (match(path, /\/[^\/]*$/)) {
		path = substr(path, 1, RSTART - 1)
		if (("t", path) in list)
			return 1
	}
	return 0
}
function odd(path) { return index("/" path, "/.gwctl-odd.") }
function kept(path) { return !odd(path) && ((("f", path) in list) || below(path)) }
function kept_directory(path) {
	return path == "" || !odd(path) && ((("d", path) in list) || (("t", path) in list) || below(path))
}
function relative(path) {
	path = substr(path, length(ENVIRON["ROOT"]) + 1)
	sub(/^\/+/, "", path)
	return path
}'

sorted_out() { KEPT=$KEPT ROOT=$ROOT awk "$KEEPING$1"; }

# The directories of the release, as mtree(8) reads them.
released_directories() {
	awk '
	/^[ \t]*#/ || /^\/set/ || !NF { next }
	$1 == ".." { depth--; next }
	{
		depth++
		path[depth] = $1
		if ($0 ~ /type=/ && $0 !~ /type=dir/)
			next
		name = ""
		for (n = 2; n <= depth; n++)
			name = name (n > 2 ? "/" : "") path[n]
		if (name != "")
			print "d " name
	}' "$1"
}

# The packing lists of the packages that are installed as a whole.
contents() {
	local file
	for file in "$ROOT"/var/db/pkg/*/+CONTENTS; do
		case $file in (*/partial-* | *'/*/'*) ;; (*) cat "$file" ;; esac
	done
}

# Of packages: their files and directories, and of their samples, which people change, those that nobody has.
# Writes lines `SAMPLE<tab>COPY` to the file.
packaged() {	# FILE
	awk -v samples="$1" '
	function absolute(path) {
		path = path ~ /^\// ? path : cwd "/" path
		sub(/^\/+/, "", path)
		return path
	}
	# A directory ends in a slash.
	function item(path) {
		file = ""
		path = absolute(path)
		if (sub(/\/+$/, "", path))
			print "d " path
		else if (path != "")
			print "f " (file = path)
	}
	{ rest = $0; sub(/^@[^ ]* ?/, "", rest) }
	/^@cwd / { cwd = rest; next }
	/^@(file|bin|lib|static-lib|so|man|info|shell|rcscript|pkgconfig|ltlib) / { item(rest); next }
	/^@(dir|mandir|fontdir) / { item(rest "/"); next }
	/^@sample / {
		copy = absolute(rest)
		if (sub(/\/+$/, "", copy))
			print "d " copy
		else if (file != "")
			print file "\t" copy >samples
		next
	}
	/^@/ { next }
	NF { item($0) }'
}

# release DIRECTORY: what the release has in place of files that may have been changed.
release() {
	local set
	mkdir -p "$1" || return 1
	for set in etc xetc; do
		[ ! -e "$ROOT/var/sysmerge/$set.tgz" ] || tar -xzpf "$ROOT/var/sysmerge/$set.tgz" -C "$1" || return 1
	done
	(cd "$1" && find . \( -type f -o -type l \) -print) | sed 's,^\./,,' >"$1.list" && [ -s "$1.list" ]
}

# as_released FILE: whether it is what the release has, and no link where that has a file.
as_released() {
	if [ -h "$RELEASE/$1" ] || [ -h "$ROOT/$1" ]; then
		[ -h "$RELEASE/$1" ] && [ -h "$ROOT/$1" ] && [ "$(readlink "$RELEASE/$1")" = "$(readlink "$ROOT/$1")" ]
		return
	fi
	cmp -s "$RELEASE/$1" "$ROOT/$1"
}

# keep: prints $KEPT, from the system that runs, the release in $RELEASE and the file systems in $LIST.
keep() {
	local name file sample copy
	for name in $SYSTEM; do print -r -- "t $name"; print -r -- "d $name"; done
	for name in $RELEASED; do print -r -- "f $name"; done
	for file in "$ROOT"/bsd.syspatch[0-9]* "$ROOT"/etc/signify/openbsd-*.pub; do print -r -- "f ${file#"$ROOT"/}"; done
	# A zone is no secret, and a copy is where the first gateway is, or near it.
	case $(readlink "$ROOT/etc/localtime") in
	*..*) ;;
	/usr/share/zoneinfo/*) print f etc/localtime ;;
	esac
	[ ! -h "$ROOT/var/tmp" ] || print f var/tmp
	sed -n 's,^\([a-z][a-z0-9_]*\)_flags=.*,f etc/rc.d/\1,p' "$ROOT/etc/rc.conf"
	for file in "$ROOT"/etc/mtree/*.dist; do released_directories "$file"; done
	while read -r name; do
		case " $REWRITTEN " in (*" $name "*) continue ;; esac
		! as_released "$name" || print -r -- "f $name"
	done <"$RELEASE.list"
	for file in "$ROOT"/var/db/pkg/*/+*; do
		case $file in (*/partial-* | *'/*/'*) continue ;; esac
		name=${file#"$ROOT"/}
		print -r -- "f $name"
		print -r -- "d ${name%/*}"
	done
	: >"$SEALED/samples"
	contents | packaged "$SEALED/samples"
	while IFS='	' read -r sample copy; do
		! cmp -s "$ROOT/$sample" "$ROOT/$copy" || print -r -- "f $copy"
	done <"$SEALED/samples"
	{ cat "$LIST"; [ ! -e "$ROOT/etc/fstab" ] || disks "$ROOT/etc/fstab"; } | sed -n 's,^[^ ]* /\([^ ]*\).*,d \1,p'
	# The run itself.
	print -r -- "t ${SEALED#"$ROOT"/}"
	print -r -- "d ${SEALED#"$ROOT"/}"
}
