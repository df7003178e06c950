# ---- services

cmd_services() {
	local line was='' daemon status=2
	[ $# -eq 0 ] || usage_error "$1"
	lock
	if ! cat >"$WORK/wanted" 2>/dev/null || [ ! -s "$WORK/wanted" ]; then
		fail 1 /etc/rc.conf.local "its text is empty or finds no room" "send the whole text"
	fi
	whole /etc/rc.conf.local "$WORK/wanted"
	line=$(grep -vE '^([a-z][a-z0-9_]*_flags=.*|[a-z][a-z0-9_]*=(YES|NO))$' "$WORK/wanted" | head -n 1)
	[ -z "$line" ] || fail 1 /etc/rc.conf.local "not a service's line: $line" "write NAME_flags=FLAGS"
	: >"$WORK/rc.conf.local"
	[ ! -e "$ROOT/etc/rc.conf.local" ] || cat "$ROOT/etc/rc.conf.local" >"$WORK/rc.conf.local" ||
		fail 1 /etc/rc.conf.local "cannot be kept aside" "look at the free space of $DB"
	for daemon in iked isakmpd; do ! running $daemon || was="$was $daemon"; done
	# Two IKE daemons at once would share the ports: what goes, goes first.
	if each_service NO && each_service ''; then return; fi

	mv -f "$WORK/said" "$WORK/why"
	cat "$WORK/rc.conf.local" >"$ROOT/etc/rc.conf.local.new" &&
	    chmod 0644 "$ROOT/etc/rc.conf.local.new" &&
	    replace "$ROOT/etc/rc.conf.local" || status=3
	for daemon in $was; do use "$daemon"; running "$daemon" || start_daemon || status=3; done
	fail $status /etc/rc.conf.local "services not switched, previous lines restored" \
		"see /var/log/daemon" "$WORK/why"
}

each_service() {
	local line name value
	while read -r line; do
		name=${line%%=*} value=${line#*=}
		case $1$value in
		NONO) service_off "${name%_flags}" "$name" ;;
		NO* | *NO) ;;
		*) service_on "${name%_flags}" "$name" "$value" ;;
		esac || return 1
	done <"$WORK/wanted"
}

service_off() {
	if [ "$1" != "$2" ] && running "$1"; then
		case $1 in (iked | isakmpd) note_removal || return 1 ;; esac
		quiet rcctl stop "$1" && did "$1 stopped" || return 1
	fi
	! enabled "$1" || { quiet rcctl disable "$1" && did "$1 disabled"; }
}

service_on() {
	local flags
	flags=$(rcctl get "$1" flags </dev/null 2>/dev/null)
	if [ "$1" = "$2" ]; then
		[ "$flags" = YES ] || { quiet rcctl enable "$1" && did "$1 enabled"; }
		return
	fi
	if [ "$flags" != "$3" ]; then
		if running "$1"; then quiet rcctl stop "$1" || return 1; fi
		# rcctl joins the words of the flags again; no argument at all means the default flags.
		quiet rcctl enable "$1" && quiet rcctl set "$1" flags ${3:+"$3"} || return 1
		did "$1 enabled"
	fi
	case $1 in
	iked | isakmpd)
		use "$1"
		# What was changed by hand in the main file must not keep the daemon down.
		[ ! -e "$MAIN" ] || main_text | cmp -s - "$MAIN" || write_main
		bring_up
		[ $? -ne 1 ]
		;;
	*) running "$1" || { quiet rcctl start "$1" && did "$1 started"; } ;;
	esac
}

CHANGES="$CHANGES services"

