# ---- one file

# stage FILE MODE [OWNER]: standard input → FILE.new.
stage() {
	# A leftover's mode might let others read what is written now.
	rm -f "$1.new"
	if ! { cat >"$1.new" && chmod "$2" "$1.new"; } 2>"$WORK/said" ||
	    { [ -n "${3:-}" ] && [ "$(id -u)" -eq 0 ] && ! quiet chown "$3" "$1.new"; }; then
		fail 1 "$1" "cannot be written" "look at its directory, owner and free space" "$WORK/said"
	fi
	# What a broken connection cut off may still be valid.
	if [ ! -s "$1.new" ] || [ -n "$(tail -c 1 "$1.new")" ]; then
		fail 1 "$1" "its text is empty or ends within a line" "send the whole text"
	fi
}

same_file() { cmp -s "$1" "$2" && [ "$(attributes "$1")" = "$(attributes "$2")" ]; }
# shellcheck disable=SC2012 # stat(1) differs between systems, and no path here has odd characters
attributes() { ls -ldn "$1" | awk '{ print $1, $3, $4 }'; }

pending() { [ -e "$PENDING/$1" ]; }

# begin FILE KEY OLD: from here on a repeat activates. FILE.prev and the noted OLD state stay those
# of the last activation when an interrupted run comes first.
begin() {
	if ! pending "$2"; then
		rm -f "$1.prev"
		if ! { [ ! -e "$1" ] || ln "$1" "$1.prev"; } || ! print -r -- "$3" >"$PENDING/$2.new" ||
		    ! mv -f "$PENDING/$2.new" "$PENDING/$2"; then
			fail 1 "$1" "cannot be kept aside" "look at its directory and free space"
		fi
	fi
	# Not even a power loss may leave a renamed file without its text.
	sync
}

settle() { rm -f "$PENDING/$1"; }

put_back() {
	[ -e "$1.prev" ] || { rm -f "$1"; return; }
	rm -f "$1.new"
	ln "$1.prev" "$1.new" && mv -f "$1.new" "$1" && rm -f "$1.new"
}

# What `gwctl state` lists beside the files it knows by itself.
remember() {
	grep -qxF -- "$1" "$DB/managed" 2>/dev/null && return 0
	if ! { [ ! -e "$DB/managed" ] || cat "$DB/managed"; } >"$DB/managed.new" 2>/dev/null ||
	    ! print -r -- "$1" >>"$DB/managed.new" || ! mv -f "$DB/managed.new" "$DB/managed"; then
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
	key=put$(print -r -- "$path" | tr / %)

	lock
	stage "$file" "$mode" "$owner"
	if [ -n "$check" ] && ! quiet sh -c "$check" gwctl "$file.new"; then
		fail 1 "$file" "refused by its check" "correct the text" "$WORK/said"
	fi
	remember "$path"
	if ! pending "$key" && cmp -s "$file.new" "$file"; then
		if same_file "$file.new" "$file"; then
			rm -f "$file.new"
		else
			mv -f "$file.new" "$file" && did "mode and owner"
		fi
		return
	fi
	begin "$file" "$key" ''
	if mv -f "$file.new" "$file" &&
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

