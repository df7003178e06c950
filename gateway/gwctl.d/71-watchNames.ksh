# ---- the watchdog: peers by name whose address changed
#
# Every pass asks for every name. Another answer is taken when it comes the second time in a row, or at once where
# the tunnel is silent or has no address. No answer, or none that fits, changes nothing.

# watch_names: of the daemon in use, which may rest while no name has an answer.
watch_names() {
	local file files name
	files=$(named_files)
	if [ -z "$files" ] || ! enabled "$DAEMON"; then return 0; fi
	ANSWERS=$(
		for file in $files; do
			name=$(name_of "$file")
			tunnel_state "$name"
			case $STATE in (up | unresolved) ;; (*) continue ;; esac
			named "$file" && look_up "$name" "$HOST" &
		done
		wait
	)
	for file in $files; do watch_name "$(name_of "$file")"; done
}

watch_name() {	# NAME
	local file=$DIR/$1.conf host='' SEEN=- times=0 rest='' was
	named "$file" || return 0
	tunnel_state "$1"
	case $STATE in (up | unresolved) ;; (*) return 0 ;; esac
	# What an interrupted move has left is finished first, by the text that is there.
	if pending "tunnel.$DAEMON.$1"; then
		watch_locked finish_move "$1" || watch_log "$1: $(head -n 1 "$DB/watch/.said")"
		return 0
	fi
	read -r host SEEN times rest 2>/dev/null <"$DB/names/$1"
	[ "$host" = "$HOST" ] || SEEN=- times=0
	was=$PEER
	answer_of "$1"
	if [ -z "$FOUND" ]; then
		[ "$STATE" = unresolved ] || WHY="$WHY: $was stays"
		[ "$host $rest" = "$HOST $WHY" ] || watch_log "$1: $WHY"
		note_name "$1" - 0 "$WHY"
		return
	fi
	if [ "$FOUND" = "$was" ] && [ "$STATE" = up ]; then
		note_name "$1" - 0 ''
		return
	fi
	[ "$FOUND" = "$SEEN" ] || times=0
	times=$((times + 1))
	if [ $times -lt 2 ] && [ "$STATE" = up ] && ! unanswered "$1"; then
		note_name "$1" "$FOUND" $times "$HOST is $FOUND now: taken when the next look says so too"
		return
	fi
	if watch_locked take_answer "$1" "$FOUND" "$was"; then
		note_name "$1" - 0 ''
		[ "$STATE" != unresolved ] || was=none
		watch_log "$1: $HOST moved from $was to $FOUND"
	else
		WHY="$HOST is $FOUND now, which failed: $(head -n 1 "$DB/watch/.said")"
		[ "$rest" = "$WHY" ] || watch_log "$1: $WHY"
		note_name "$1" "$FOUND" $times "$WHY"
	fi
}

# unanswered NAME: whether its last probe was. A tunnel without one is never known to be silent.
unanswered() {
	local failures=0 rest
	read -r failures rest 2>/dev/null <"$DB/watch/$1" && [ "$failures" -gt 0 ]
}

# Another run may have changed it since it was looked at.
take_answer() {	# NAME ADDRESS BEFORE
	if ! named "$DIR/$1.conf" || [ "$PEER" != "$3" ]; then return 0; fi
	tunnel_state "$1"
	case $STATE in (up | unresolved) ;; (*) return 0 ;; esac
	! unfit "$2" "$DIR/$1.conf" || fail 1 "$DIR/$1.conf" "$UNFIT" "correct the name in the DNS"
	acted "$1" moved
	move_peer "$1" "$2" up
}

finish_move() {	# NAME
	pending "tunnel.$DAEMON.$1" || return 0
	tunnel_state "$1"
	case $STATE in (up | unresolved) tunnel_apply "$1" "$STATE" ;; esac
}
