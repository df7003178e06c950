# ---- certificates
#
# At its start and at each reload iked reads every file of ca, crls and certs, whatever its name (ca.c ca_reload),
# and isakmpd the first certificate or list of every file (x509.c x509_read_from_dir): what is staged or kept aside
# there would be believed. So nothing else of ours is there: for iked one file of each, for isakmpd one for each
# certificate and list. What is up stays up: certificates are looked at when a peer authenticates.

PARTS="ca crls certs"
ASIDE=$DB/certificates	# as they were when the daemon read them last

# The text is one part after the other, each after a line with its name: `# ca`.
split_certificates() {	# DAEMON
	cat >"$WORK/all" || return 1
	whole "/etc/$1/ca" "$WORK/all"
	awk -v dir="$WORK" '
	/^# (ca|crls|certs)$/ { out = dir "/part." $2; next }
	out == "" { exit 1 }
	{ print >out }' "$WORK/all"
}

# verified FILE: by the authorities, and where there are lists of revoked certificates by those of all of them,
# as the daemons do (iked ca.c ca_validate_cert, isakmpd x509.c x509_cert_validate). The system's own authorities are none of theirs.
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

# spread DAEMON: the parts become the files that the daemon is to read, in $WORK/tree.
spread() {
	local part
	for part in $PARTS; do
		mkdir -p "$WORK/tree/$part" || return 1
		[ -e "$WORK/part.$part" ] || continue
		if [ "$1" = iked ]; then
			cp "$WORK/part.$part" "$WORK/tree/$part/gwctl.pem" || return 1
			continue
		fi
		awk -v at="$WORK/tree/$part/gwctl-" '
		/^-----BEGIN / { close(file); file = at (++n) ".pem" }
		file != "" { print >file }' "$WORK/part.$part" || return 1
	done
}

# lay DAEMON TREE: its files take the place of what the daemon reads of ours.
lay() {
	local part file new=$ROOT/etc/$1/gwctl.new
	for part in $PARTS; do
		for file in "$2/$part"/gwctl*.pem; do
			[ -e "$file" ] || continue
			{ mkdir -p "$ROOT/etc/$1/$part" && cp "$file" "$new" && chmod 0644 "$new" && to_disk "$new" &&
				mv -f "$new" "$ROOT/etc/$1/$part/${file##*/}"; } 2>"$WORK/said" || return 1
		done
		for file in "$ROOT/etc/$1/$part"/gwctl*.pem; do
			[ -e "$2/$part/${file##*/}" ] || rm -f "$file" || return 1
		done
	done
}

same_certificates() {	# DAEMON
	local part file
	for part in $PARTS; do
		for file in "$WORK/tree/$part"/gwctl*.pem "$ROOT/etc/$1/$part"/gwctl*.pem; do
			[ -e "$file" ] || continue
			cmp -s "$WORK/tree/$part/${file##*/}" "$ROOT/etc/$1/$part/${file##*/}" || return 1
		done
	done
}

# An interrupted run has kept aside already what the daemon read last.
keep_certificates() {	# DAEMON
	local part file
	! pending certificates || return 0
	rm -rf "$ASIDE" || return 1
	for part in $PARTS; do
		mkdir -p "$ASIDE/$part" || return 1
		for file in "$ROOT/etc/$1/$part"/gwctl*.pem; do
			[ ! -e "$file" ] || cp "$file" "$ASIDE/$part/" || return 1
		done
	done
	: >"$PENDING/certificates"
}

reload_certificates() {	# DAEMON
	running "$1" || return 0
	case $1 in (iked) reload_iked ;; (isakmpd) reread_isakmpd ;; esac
}

# change_certificates DAEMON WHAT: to the parts in $WORK, or back.
change_certificates() {
	local status=2 now="those of before are back"
	if ! pending certificates && same_certificates "$1"; then return; fi
	keep_certificates "$1" || fail 1 "/etc/$1" "cannot be kept aside" "look at the free space of $DB"
	if lay "$1" "$WORK/tree" && reload_certificates "$1"; then
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
	fail $status "/etc/$1" "$1 did not take the certificates, $now" \
		"see /var/log/daemon" "$WORK/why"
}

cmd_certificates() {
	case ${1:-}-${2:-}-$# in (put-iked-2 | put-isakmpd-2 | remove-iked-2 | remove-isakmpd-2) ;; (*) usage_error certificates ;; esac
	lock
	use "$2"
	case $1 in
	put)
		split_certificates "$2" || fail 1 "/etc/$2/ca" "is not in parts" "begin each with a line such as # ca"
		check_certificates "$2" ||
			fail 1 "/etc/$2/ca" "the certificates are refused" "correct them" "$WORK/said"
		spread "$2" || fail 1 "/etc/$2/ca" "the certificates cannot be taken apart" "look at the free space of $DB"
		change_certificates "$2" certificates
		;;
	remove)
		spread "$2" || fail 1 "/etc/$2/ca" "there is no room" "look at the free space of $DB"
		change_certificates "$2" "certificates removed"
		;;
	esac
}

# check_certificate: what authentication by certificates needs is there.
check_certificate() {
	local part file=gwctl.pem
	[ "$DAEMON" = iked ] || file=gwctl-1.pem
	check_own "$DAEMON" || return 1
	for part in ca certs; do
		[ -s "$ROOT/etc/$DAEMON/$part/$file" ] || {
			print -r -- "/etc/$DAEMON/$part/$file is missing" >"$WORK/said"
			return 1
		}
	done
}

# A request for a certificate of the gateway's own key. On standard input: the subject, then one line for each
# name, as openssl writes them: `/CN=gw.example.net`, `DNS:gw.example.net`.
cmd_request() {
	local subject names='' name
	case ${1:-}-$# in (iked-1 | isakmpd-1) ;; (*) usage_error request ;; esac
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
