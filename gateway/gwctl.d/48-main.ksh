# ---- which tunnels are up, and the main file that names them

# tunnel_state NAME → STATE: absent, up, down (by hand), disabled (by declaration), unresolved (its peer's name has no
# address yet) or removed.
tunnel_state() {
	STATE=absent
	[ -e "$DIR/$1.conf" ] || return 0
	STATE=up
	[ ! -e "$DIR/$1.down" ] || read -r STATE <"$DIR/$1.down" || STATE=down
}

# member NAME:STATE:SUFFIX[:ENTRY] → NAME TO FILE STAGED NOTE ENTRY: a tunnel that is to be in STATE, with the text
# in its FILE, or in FILE.new where SUFFIX is .new. ENTRY is that of the run that asked for it (51-group).
member() {
	local rest=${1#*:}
	NAME=${1%%:*} TO=${rest%%:*} FILE=$DIR/${1%%:*}.conf NOTE=tunnel.$DAEMON.${1%%:*}
	rest=${rest#*:}
	STAGED=$FILE${rest%%:*} ENTRY=$QUEUE/taken/${rest#*:}
}

# main_text [checked|after|before MEMBER…]: the main file as if the members were in their state and text: checked
# from where the text is staged, and as if up where it is new; after the change; or before it, as noted.
#
# iked takes the last policy that fits what it knows of a peer, and of one that begins it knows the address
# only (policy.c). So the policies for any address come first: a peer that has an address gets its own.
main_text() {
	local included
	print "# Written by gwctl: the tunnels that are up." || return 1
	if [ "$DAEMON" = iked ] && [ -e "$GLOBALS" ] && [ -z "$leave_out_globals" ]; then
		print -r -- "include \"$GLOBALS\"" || return 1
	fi
	included=$(main_members ${1+"$@"} | sort | awk -v any="$DAEMON" '
	# Of a name that stands twice, the second line is the member.
	{
		if ($1 != name[count])
			name[++count] = $1
		up[count] = $3 == "up"
		file[count] = $4
		text[count] = $5
	}
	function of_any(path,    line, found) {
		while (!found && (getline line <path) > 0)
			found = line == "# gwctl peer any"
		close(path)
		return found
	}
	END {
		for (i = 1; i <= count; i++)
			if (up[i] && any == "iked" && of_any(text[i])) {
				print "include \"" file[i] "\""
				up[i] = 0
			}
		for (i = 1; i <= count; i++)
			if (up[i])
				print "include \"" file[i] "\""
	}') || return 1
	[ -z "$included" ] || print -r -- "$included"
}

# main_members [checked|after|before MEMBER…]: lines `NAME.conf RANK STATE FILE STAGED`. They sort as a pattern's files do.
main_members() {
	local file name as=${1:-}
	[ $# -eq 0 ] || shift
	for file in "$DIR"/[a-z]*.conf; do
		name=${file##*/}
		tunnel_state "${name%.conf}"
		print -r -- "$name 0 $STATE $file $file"
	done
	for name; do
		member "$name"
		case $as in
		checked)
			[ "$STAGED" = "$FILE" ] || TO=up
			FILE=$STAGED
			;;
		before)
			STAGED=$FILE.prev
			read -r TO <"$PENDING/$NOTE"
			;;
		esac
		print -r -- "$NAME.conf 1 $TO $FILE $STAGED"
	done
}

write_main() { main_text ${1+"$@"} >"$MAIN.new" && replace "$MAIN"; }

# header KEY FILE…: the values of `# gwctl KEY VALUE`, each once.
header() {
	local key=$1 file
	shift
	for file; do
		shift
		[ ! -f "$file" ] || set -- "$@" "$file"
	done
	[ $# -eq 0 ] || awk -v key="# gwctl $key " '
	index($0, key) == 1 && !seen[$0]++ { print substr($0, length(key) + 1) }' "$@"
}

# shared KEY VALUE FILE: whether a tunnel that is up, other than FILE, has the same header line.
shared() {
	local file
	# shellcheck disable=SC2013 # names without blanks
	for file in $(grep -lxF "# gwctl $1 $2" "$DIR"/[a-z]*.conf 2>/dev/null); do
		[ "$file" != "$3" ] && grep -qxF "include \"$file\"" "$MAIN" && return 0
	done
	return 1
}

