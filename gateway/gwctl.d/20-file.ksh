# ---- one file

# discard FILE…: as `rm -f`, which is started only where there is something to remove.
discard() {
	local file
	for file; do
		if [ -e "$file" ] || [ -h "$file" ]; then
			rm -f "$@"
			return
		fi
	done
}

# to_disk FILE…: returns when their text is on the disk. sync(8) only has the kernel begin to write
# (sys_sync passes MNT_NOWAIT), and a rename reaches the disk before it: a power loss between them
# leaves the new name with an empty file.
to_disk() {
	local file
	for file; do dd if=/dev/null of="$file" conv=notrunc,fsync 2>/dev/null || return 1; done
}

# replace FILE: FILE.new takes its name, whole or not at all.
replace() { to_disk "$1.new" && mv -f "$1.new" "$1"; }

# stage FILE MODE [OWNER]: standard input → FILE.new.
stage() {
	# A leftover's mode might let others read what is written now.
	discard "$1.new"
	# umask(2) has made it 0600.
	if ! { cat >"$1.new" && { [ "$2" = 0600 ] || chmod "$2" "$1.new"; }; } 2>"$WORK/said" ||
	    { [ -n "${3:-}" ] && [ "$(id -u)" -eq 0 ] && ! quiet chown "$3" "$1.new"; }; then
		fail 1 "$1" "cannot be written" "look at its directory, owner and free space" "$WORK/said"
	fi
	if [ ! -s "$1.new" ]; then fail 1 "$1" "its text is empty" "send the whole text"; fi
	whole "$1" "$1.new"
}

# whole PATH FILE: what is left of a text that a broken connection cut off may still be valid, also where it
# was cut at the end of a line.
whole() {
	if [ -s "$2" ] && [ -n "$(tail -c 1 "$2")" ]; then
		fail 1 "$1" "its text ends within a line" "send the whole text"
	fi
	if [ -n "$BYTES" ] && [ $(($(wc -c <"$2"))) -ne "$BYTES" ]; then
		fail 1 "$1" "$(($(wc -c <"$2"))) of its $BYTES bytes arrived" "send the whole text"
	fi
}

same_file() { cmp -s "$1" "$2" && same_attributes "$1" "$2"; }
# shellcheck disable=SC2012 # stat(1) differs between systems, and no path here has odd characters
same_attributes() {
	local mode owner group rest first
	ls -ldn "$1" "$2" | {
		read -r mode rest owner group rest
		first="$mode $owner $group"
		read -r mode rest owner group rest
		[ "$mode $owner $group" = "$first" ]
	}
}

pending() { [ -e "$PENDING/$1" ]; }

# begin FILE KEY OLD: from here on a repeat activates. FILE.prev and the noted OLD state stay those
# of the last activation when an interrupted run comes first.
begin() { keep_aside "$@" || fail 1 "$1" "cannot be kept aside" "look at its directory and free space"; }

keep_aside() {
	! pending "$2" || return 0
	discard "$1.prev"
	{ [ ! -e "$1" ] || ln "$1" "$1.prev"; } && print -r -- "$3" >"$PENDING/$2.new" && replace "$PENDING/$2"
}

settle() { rm -f "$PENDING/$1"; }

put_back() {
	[ -e "$1.prev" ] || { rm -f "$1"; return; }
	discard "$1.new"
	# Of two names of one file, mv(1) does not remove the first.
	ln "$1.prev" "$1.new" && mv -f "$1.new" "$1" && discard "$1.new"
}

# What `gwctl state` lists beside the files it knows by itself.
remember() {
	local line
	while read -r line; do
		[ "$line" != "$1" ] || return 0
	done 2>/dev/null <"$DB/managed"
	if ! { [ ! -e "$DB/managed" ] || cat "$DB/managed"; } >"$DB/managed.new" 2>/dev/null ||
	    ! print -r -- "$1" >>"$DB/managed.new" || ! replace "$DB/managed"; then
		fail 1 "$1" "cannot be noted in $DB" "look at its free space"
	fi
}

cmd_put() {
	local path mode owner check='' activate='' file key status=2
	[ $# -ge 3 ] || usage_error put
	path=$1 mode=$2 owner=$3
	shift 3
	while [ $# -ge 2 ]; do
		case $1 in
		--check) check=$2 ;;
		--activate) activate=$2 ;;
		*) usage_error "$1" ;;
		esac
		shift 2
	done
	[ $# -eq 0 ] || usage_error "$1"
	case $path in (/*) ;; (*) usage_error "$path" ;; esac
	file=$ROOT$path
	key=put$path
	while :; do
		case $key in (*/*) key=${key%%/*}%${key#*/} ;; (*) break ;; esac
	done

	lock
	stage "$file" "$mode" "$owner"
	if [ -n "$check" ] && ! quiet sh -c "$check" gwctl "$file.new"; then
		fail 1 "$file" "refused by its check" "correct the text" "$WORK/said"
	fi
	remember "$path"
	if ! pending "$key" && cmp -s "$file.new" "$file"; then
		if same_attributes "$file.new" "$file"; then
			rm -f "$file.new"
		else
			replace "$file" && did "mode and owner"
		fi
		return
	fi
	begin "$file" "$key" ''
	if replace "$file" &&
	    { [ -z "$activate" ] || quiet sh -c "$activate" gwctl "$file"; }; then
		settle "$key"
		did "$path"
		return
	fi
	mv -f "$WORK/said" "$WORK/why"
	if put_back "$file" && { [ ! -e "$file" ] || quiet sh -c "$activate" gwctl "$file"; }; then
		settle "$key"
	else
		status=3
	fi
	fail $status "$file" "activation failed, previous text restored" "correct the text" "$WORK/why"
}

CHANGES="$CHANGES put"

