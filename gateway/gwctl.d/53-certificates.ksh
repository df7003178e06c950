# ---- certificates
#
# At its start and at each reload iked reads every file of ca, crls and certs, whatever its name (ca.c ca_reload):
# what is staged or kept aside there would be believed. So each of them has one file of ours, and all else of it is
# elsewhere. What is up stays up: certificates are looked at when a peer authenticates.

PARTS="ca crls certs"
ASIDE=$DB/certificates	# as they were when iked read them last

certificate_file() { FILE=$ROOT/etc/$1/$2/gwctl.pem; }	# DAEMON PART → FILE

# The text is one part after the other, each after a line with its name: `# ca`.
split_certificates() {
	cat >"$WORK/all" || return 1
	whole /etc/iked/ca "$WORK/all"
	awk -v dir="$WORK" '
	/^# (ca|crls|certs)$/ { out = dir "/part." $2; next }
	out == "" { exit 1 }
	{ print >out }' "$WORK/all"
}

# verified FILE: by the authorities, and where there are lists of revoked certificates by those of all of them,
# as iked does (ca.c ca_validate_cert). The system's own authorities are none of iked's.
verified() {
	mkdir -p "$WORK/none"
	set -- -CAfile "$WORK/part.ca" -CApath "$WORK/none" "$1"
	[ ! -e "$WORK/part.crls" ] || set -- -crl_check_all -CRLfile "$WORK/part.crls" "$@"
	quiet openssl verify "$@"
}

# check_certificates DAEMON: nothing on the gateway has changed yet.
check_certificates() {
	local own=$WORK/part.certs
	[ -e "$WORK/part.ca" ] || { print "there is no authority" >"$WORK/said"; return 1; }
	[ -e "$own" ] || return 0
	quiet openssl x509 -noout -in "$own" || return 1
	check_own "$1" || return 1
	if ! ask openssl x509 -noout -pubkey -in "$own" 2>/dev/null | cmp -s - "$WORK/own"; then
		print "the certificate is of another key than this gateway's: have the request signed that" \
			"gwctl request prints" >"$WORK/said"
		return 1
	fi
	verified "$own"
}

# lay DAEMON DIR: the parts in DIR, as part.NAME, take the place of what iked reads; a part that is not there is none.
lay() {
	local part
	for part in $PARTS; do
		certificate_file "$1" "$part"
		if [ ! -e "$2/part.$part" ]; then
			rm -f "$FILE" || return 1
		elif ! { mkdir -p "${FILE%/*}" && cp "$2/part.$part" "$ROOT/etc/$1/gwctl.new" &&
		    chmod 0644 "$ROOT/etc/$1/gwctl.new" && to_disk "$ROOT/etc/$1/gwctl.new" &&
		    mv -f "$ROOT/etc/$1/gwctl.new" "$FILE"; } 2>"$WORK/said"; then
			return 1
		fi
	done
}

same_certificates() {	# DAEMON
	local part
	for part in $PARTS; do
		certificate_file "$1" "$part"
		if [ -e "$WORK/part.$part" ]; then
			cmp -s "$WORK/part.$part" "$FILE" || return 1
		else
			[ ! -e "$FILE" ] || return 1
		fi
	done
}

# An interrupted run has kept aside already what iked read last.
keep_certificates() {	# DAEMON
	local part
	! pending certificates || return 0
	rm -rf "$ASIDE" && mkdir -p "$ASIDE" || return 1
	for part in $PARTS; do
		certificate_file "$1" "$part"
		[ ! -e "$FILE" ] || cp "$FILE" "$ASIDE/part.$part" || return 1
	done
	: >"$PENDING/certificates"
}

reload_certificates() { ! running "$1" || reload_iked; }

# change_certificates DAEMON WHAT: to the parts in $WORK, or back.
change_certificates() {
	local status=2 now="those of before are back"
	if ! pending certificates && same_certificates "$1"; then return; fi
	keep_certificates "$1" || fail 1 "/etc/$1" "cannot be kept aside" "look at the free space of $DB"
	if lay "$1" "$WORK" && reload_certificates "$1"; then
		rm -rf "$ASIDE"
		settle certificates
		did "$2"
		return
	fi
	mv -f "$WORK/said" "$WORK/why"
	if lay "$1" "$ASIDE" && reload_certificates "$1"; then
		rm -rf "$ASIDE"
		settle certificates
	else
		status=3 now="and those of before, which are back, could not be loaded"
	fi
	fail $status "/etc/$1" "iked did not take the certificates, $now" \
		"see /var/log/daemon" "$WORK/why"
}

cmd_certificates() {
	local FILE
	case ${1:-}-${2:-}-$# in (put-iked-2 | remove-iked-2) ;; (*) usage_error certificates ;; esac
	lock
	case $1 in
	put)
		split_certificates || fail 1 /etc/iked/ca "is not in parts" "begin each with a line such as # ca"
		check_certificates "$2" ||
			fail 1 /etc/iked/ca "the certificates are refused" "correct them" "$WORK/said"
		change_certificates "$2" certificates
		;;
	remove) change_certificates "$2" "certificates removed" ;;
	esac
}

# check_certificate: what authentication by certificates needs is there.
check_certificate() {
	local part FILE
	check_own "$DAEMON" || return 1
	for part in ca certs; do
		certificate_file "$DAEMON" "$part"
		[ -s "$FILE" ] || {
			print -r -- "${FILE#"$ROOT"} is missing" >"$WORK/said"
			return 1
		}
	done
}

# A request for a certificate of the gateway's own key. On standard input: the subject, then one line for each
# name, as openssl writes them: `/CN=gw.example.net`, `DNS:gw.example.net`.
cmd_request() {
	local subject names='' name
	[ "${1:-}-$#" = iked-1 ] || usage_error request
	scratch
	WORK=$SCRATCH
	read -r subject
	while read -r name; do
		case $name in (DNS:* | email:* | IP:*) ;; (*) usage_error "$name" ;; esac
		case ${name#*:} in ('' | *[!A-Za-z0-9._:@+-]*) usage_error "$name" ;; esac
		names=${names:+$names,}$name
	done
	case $subject in (/*) ;; (*) usage_error "$subject" ;; esac
	need_own "$1"
	{
		print "[req]\ndistinguished_name = none\nreq_extensions = names\n[none]\n[names]"
		print "keyUsage = digitalSignature"
		[ -z "$names" ] || print -r -- "subjectAltName = $names"
	} >"$WORK/request"
	ask openssl req -new -sha256 -config "$WORK/request" -subj "$subject" -passin pass: -key "$OWN" 2>"$WORK/said" || {
		print -r -u2 -- "gwctl: no request could be made: $(cat "$WORK/said")"
		exit 2
	}
}

CHANGES="$CHANGES certificates"
READS="$READS request"
