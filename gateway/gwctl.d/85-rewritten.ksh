# ---- what a sealed disk gets in place of what was its own
#
# Of a few files the system needs some lines to start. They are written anew from those lines alone.

# accounts MASTER.PASSWD: those of the release and of packages, and no password. Of the release's each is as
# released; a person's account is none of them.
accounts() {
	contents | sed -n 's/^@newuser \([^:]*\):.*/\1/p' >"$SEALED/users"
	awk -F: -v OFS=: -v users="$SEALED/users" -v released="$RELEASE/etc/master.passwd" '
	BEGIN {
		while ((getline name <users) > 0)
			packaged[name] = 1
		while ((getline line <released) > 0) {
			split(line, field, ":")
			sub(/^[^:]*:[^:]*/, field[1] ":*", line)
			print line
			delete packaged[field[1]]
		}
	}
	NF == 10 && ($1 in packaged) {
		$2 = "*"
		print
		delete packaged[$1]
	}' "$1"
}

# groups GROUP MASTER.PASSWD: those of the release and of packages, with the accounts that are left.
groups() {
	contents | sed -n 's/^@newgroup \([^:]*\):.*/\1/p' >"$SEALED/groups"
	awk -F: -v OFS=: -v names="$SEALED/groups" -v released="$RELEASE/etc/group" -v passwd="$2" '
	function left(members,	name, n, count, some) {
		count = split(members, name, ",")
		for (n = 1; n <= count; n++)
			if (name[n] in account)
				some = some (some == "" ? "" : ",") name[n]
		return some
	}
	BEGIN {
		while ((getline line <passwd) > 0) {
			split(line, field, ":")
			account[field[1]] = 1
		}
		while ((getline line <names) > 0)
			packaged[line] = 1
		while ((getline line <released) > 0) {
			print line
			split(line, field, ":")
			delete packaged[field[1]]
		}
	}
	NF == 4 && ($1 in packaged) {
		$2 = "*"
		$4 = left($4)
		print
		delete packaged[$1]
	}' "$1"
}

# The lines of fstab(5) that mount a disk, memory or swap.
disks() { awk '!/^#/ && $3 ~ /^(ffs|ext2fs|swap|mfs|tmpfs)$/ { print $1, $2, $3, $4, $5, $6 }' "$1" | sed 's/ *$//'; }

# Of boot.conf(8) what chooses the console, the device and the kernel.
boot() {
	sed -nE -e '/^[ 	]*stty[ 	]+com[0-3][ 	]+[0-9]+[ 	]*$/p' \
	    -e '/^[ 	]*set[ 	]+(tty|timeout|device|image|howto)[ 	]+[A-Za-z0-9\/._-]+[ 	]*$/p' "$1"
}

# Of installurl(5) a mirror without a password.
mirror() { sed -nE '/^https?:\/\/[A-Za-z0-9.-]+(:[0-9]+)?(\/[A-Za-z0-9._~\/-]*)?$/{p;q;}' "$1"; }

# consoles TTYS: as released, but for the lines of the console as the installer writes them.
consoles() {
	awk -v released="$RELEASE/etc/ttys" '
	/^(console|tty0[0-3])[ \t]+"\/usr\/libexec\/getty [a-z]+\.[0-9]+"[ \t]+[a-z0-9]+[ \t]+(on|off)([ \t]+secure)?[ \t]*$/ {
		own[$1] = $0
	}
	END {
		while ((getline line <released) > 0) {
			split(line, field, /[ \t]+/)
			print ((field[1] in own) ? own[field[1]] : line)
		}
	}' "$1"
}

# rewritten DIRECTORY: each such file, below the directory, while what it is made of is still there.
rewritten() {
	mkdir -p "$1/etc" || return 1
	accounts "$ROOT/etc/master.passwd" >"$1/etc/master.passwd" &&
		groups "$ROOT/etc/group" "$1/etc/master.passwd" >"$1/etc/group" &&
		printf '127.0.0.1\tlocalhost\n::1\t\tlocalhost\n' >"$1/etc/hosts" || return 1
	[ ! -e "$ROOT/etc/ttys" ] || consoles "$ROOT/etc/ttys" >"$1/etc/ttys" || return 1
	[ ! -e "$ROOT/etc/fstab" ] || disks "$ROOT/etc/fstab" >"$1/etc/fstab" || return 1
	[ ! -e "$ROOT/etc/boot.conf" ] || boot "$ROOT/etc/boot.conf" >"$1/etc/boot.conf" || return 1
	[ ! -e "$ROOT/etc/installurl" ] || mirror "$ROOT/etc/installurl" >"$1/etc/installurl" || return 1
}

# put_back_system REWRITTEN: what every system has, where it was wiped.
put_back_system() {
	local name file
	for file in "$1"/etc/*; do
		name=${file##*/}
		[ "$name" != master.passwd ] || continue
		chmod 644 "$file" && cp -p "$file" "$ROOT/etc/$name" || return 1
	done
	cp "$1/etc/master.passwd" "$ROOT/etc/master.passwd.new" && chmod 600 "$ROOT/etc/master.passwd.new" &&
		( umask 022; silent pwd_mkdb -p "$ROOT/etc/master.passwd.new" ) || return 1
	while read -r name; do
		if [ -e "$ROOT/$name" ] || [ -h "$ROOT/$name" ]; then continue; fi
		case $name in (etc/passwd | etc/pwd.db | etc/spwd.db) continue ;; esac
		mkdir -p "$(dirname "$ROOT/$name")" && cp -pRP "$RELEASE/$name" "$ROOT/$name" || return 1
	done <"$RELEASE.list"
}
