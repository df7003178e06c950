# ---- tunnels that are put at the same time
#
# A run of `tunnel put` first stands in line: an entry with its text and what it asks for. Whoever gets the lock
# takes every entry for its daemon, applies them together, and writes each one's own answer into its entry, where
# the run that waits finds it. What fails together is divided in two until the one to blame is alone; that one
# goes the way of a run that had nobody beside it, so its messages and its exit status are the same.
#
# Nobody else joins: remove, up, down, restart and kill wait for SAs to end or to begin, and each of them is asked
# for by a person, or undoes a step.
#
# An entry is $QUEUE/.ID until it is whole, then wait/ID, and taken/ID from when it is worked on. To be taken and to
# be withdrawn are one rename each, so that no run says that it gave up while its tunnel changes. The entries of a
# leader that died are taken by the next; those of runs that died are removed: they are told nothing, and come
# again. ID is PID.RANDOM, as a pid may come again.

# This run's own entry, and its exit status; where no answer comes, it is refused.
ID=
ANSWER=1

# wait_in_line NAME STATE: standard input is the text. The lock is not held: nothing else is touched.
wait_in_line() {
	local file=$DIR/$1.conf entry
	writable
	ID=$SELF.$RANDOM
	entry=$QUEUE/.$ID
	if ! { mkdir "$entry" && cat >"$entry/text" && print -r -- "$DAEMON $1 $2" >"$entry/job"; } 2>/dev/null; then
		fail 1 "$file" "its text finds no room in ${QUEUE#"$ROOT"}" "look at the free space"
	fi
	[ -s "$entry/text" ] || fail 1 "$file" "its text is empty" "send the whole text"
	whole "$file" "$entry/text"
	mv "$entry" "$QUEUE/wait/$ID" || exit 1
}

# has_answer → ANSWER, the exit status of this run. A line that is half written is none yet.
has_answer() { [ -n "$ID" ] && read -r ANSWER 2>/dev/null <"$QUEUE/taken/$ID/status"; }

withdraw() { [ -z "$ID" ] || mv "$QUEUE/wait/$ID" "$QUEUE/.$ID" 2>/dev/null; }

# deliver: the answer that another run wrote.
deliver() {
	cat "$QUEUE/taken/$ID/out"
	cat "$QUEUE/taken/$ID/err" >&2
}

# sweep → WAITING: the entries of runs that live, and nothing of others. They are listed before the processes are:
# whoever made one that is listed was there by then.
sweep() {
	local entry id all='' living='' dead=
	WAITING=
	for entry in "$QUEUE"/.[0-9]* "$QUEUE"/taken/* "$QUEUE"/wait/*; do
		[ ! -d "$entry" ] || all="$all $entry"
	done
	[ -n "$all" ] || return 0
	for id in $(pgrep -f "gwctl( --bytes [0-9]+)? tunnel put"); do living="$living $id "; done
	for entry in $all; do
		id=${entry##*/}
		id=${id#.}
		case "$living $SELF " in
		*" ${id%%.*} "*) WAITING="$WAITING $entry" ;;
		*) dead="$dead $entry" ;;
		esac
	done
	# The names have no blanks.
	# shellcheck disable=SC2086
	[ -z "$dead" ] || rm -rf $dead
}

# lead: applies what waits for this run's daemon, this run's own tunnel with it. Of two runs for one tunnel, one
# waits for the next leader.
lead() {
	local entry daemon name to taken='' names=' ' texts='' picked='' members=
	# Its text was judged by it before.
	BYTES=
	for entry in "$QUEUE/taken/$ID" "$QUEUE/wait/$ID" $WAITING; do
		case $entry in ("$QUEUE"/.*) continue ;; esac
		if [ -e "$entry/status" ] || ! read -r daemon name to 2>/dev/null <"$entry/job"; then continue; fi
		case $names in (*" $name "*) continue ;; esac
		[ "$daemon" = "$DAEMON" ] || continue
		names="$names$name "
		picked="$picked $name:$to:${entry##*/}"
		texts="$texts $name:$QUEUE/taken/${entry##*/}/text"
		case $entry in ("$QUEUE"/wait/*) taken="$taken $entry" ;; esac
	done
	# One that was withdrawn meanwhile is not there; its tunnel is refused for want of a text, and nobody hears it.
	# shellcheck disable=SC2086
	[ -z "$taken" ] || mv $taken "$QUEUE/taken/" 2>/dev/null
	# shellcheck disable=SC2086
	ask_names $texts
	for entry in $picked; do
		name=${entry%%:*} to=${entry#*:}
		by_hand "$name" "${to%:*}"
		locate "$name" "$QUEUE/taken/${entry##*:}/text" "$TO"
		members="$members $name:$TO:.new:${entry##*:}"
	done
	# shellcheck disable=SC2086
	group $members
}

# by_hand NAME STATE → TO: taken down by hand, it stays down when its declaration changes.
by_hand() {
	local here=$DAEMON there=$OTHER daemon
	TO=$2
	for daemon in "$there" "$here"; do
		use "$daemon"
		tunnel_state "$1"
		if [ "$STATE$TO" = downup ]; then TO=down; fi
	done
}

group() {	# MEMBER…
	local half=$(($# / 2)) first=
	case $# in (0) return ;; (1) by_itself "$1"; return ;; esac
	together "$@" && return
	while [ $half -gt 0 ]; do
		first="$first $1"
		half=$((half - 1))
		shift
	done
	# shellcheck disable=SC2086
	group $first
	group "$@"
}

# together MEMBER…: false when they are to be divided. Where not even the way back succeeded, dividing would only
# try it again.
together() {
	local each status
	un=un notes=
	( for each; do member "$each"; stage_text; done ) >/dev/null 2>&1 || return 1
	change "$@"
	status=$?
	case $status in (0 | 3) ;; (*) return 1 ;; esac
	for each; do
		member "$each"
		answer shared_end $status
	done
}

shared_end() {	# STATUS
	[ "$1" -eq 0 ] || fail "$1" "$FILE" "$WHAT" "$FIX" "$WORK/why"
	case $CHANGED in (*" $NAME "*) ;; (*) un=un notes= ;; esac
	applied "$NAME" "$TO"
	end_put
}

by_itself() {	# MEMBER
	member "$1"
	un=un notes=
	answer itself_end
}

itself_end() {
	local name=$NAME to=$TO
	stage_text
	tunnel_apply "$name" "$to" .new
	NAME=$name TO=$to
	end_put
}

# What a tunnel's put ends with: it is no longer the other daemon's.
end_put() {
	local name=$NAME to=$TO
	use "$OTHER"
	tunnel_remove "$name"
	if [ "$to" = down ]; then remark "down until gwctl tunnel up $name"; fi
	if [ "$to" = unresolved ]; then remark "down until its peer's name has an address: see gwctl state"; fi
	report
	[ -n "$un" ] || acted "$name" put
}

# answer COMMAND…: what it says and its status are the answer to the member's entry. That may be gone. On a full
# disk there is no room for it, and the run that waits does the same again.
answer() {
	if [ "$ENTRY" = "$QUEUE/taken/$ID" ]; then
		( to_the_end "$@" )
		ANSWER=$?
	elif [ -d "$ENTRY" ]; then
		( to_the_end "$@" ) >"$ENTRY/out" 2>"$ENTRY/err"
		print -r -- $? 2>/dev/null >"$ENTRY/status"
	fi
}

# A subshell has no traps: this one outlives its connection too.
to_the_end() {
	trap : HUP PIPE
	"$@"
}
