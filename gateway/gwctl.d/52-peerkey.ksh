# ---- public keys
#
# Each daemon looks for a peer's key in pubkeys/TYPE/ID at every authentication (iked ca.c ca_validate_pubkey,
# isakmpd ike_auth.c get_raw_key_from_file), so that a changed one needs no reload, and what is up stays up.
# Of the gateway's own key nothing but the public half is ever shown; rc(8) makes it at boot.

own_key() { OWN=$ROOT/etc/$1/private/local.key; }	# DAEMON → OWN

# public_half DAEMON: of the gateway's own key, PEM. Its errors name no line of the key.
public_half() { own_key "$1"; ask openssl pkey -passin pass: -in "$OWN" -pubout; }

# open_to_others FILE: any bit of its mode is of the group or of others.
open_to_others() {
	[ -n "$(find "$1" \( -perm -040 -o -perm -020 -o -perm -010 -o -perm -004 -o -perm -002 -o -perm -001 \) 2>/dev/null)" ]
}

# foreign FILE: neither the superuser's nor isakmpd's own.
foreign() {
	# shellcheck disable=SC2012 # one file, of which the third word is wanted
	case " $(id -u) $(id -u _isakmpd 2>/dev/null) " in
	*" $(ls -ldn "$1" | awk '{ print $3 }') "*) return 1 ;;
	esac
}

# check_own DAEMON: the key is one that the daemon signs with. isakmpd passes over a key that is open to others or
# a stranger's, and one that is not RSA, and says so at each negotiation only (util.c check_file_secrecy_fd).
check_own() {
	own_key "$1"
	if ! public_half "$1" >"$WORK/own" 2>/dev/null; then
		print "is missing, or no private key: remove the file and reboot, which makes a new one" >"$WORK/said"
	elif [ "$1" = isakmpd ] && ! quiet openssl rsa -noout -passin pass: -in "$OWN"; then
		print "is no RSA key, and isakmpd has no others" >"$WORK/said"
	elif [ "$1" = isakmpd ] && open_to_others "$OWN"; then
		print "is open to others, and isakmpd does not load it: chmod 600" >"$WORK/said"
	elif [ "$1" = isakmpd ] && foreign "$OWN"; then
		print "is another user's, and isakmpd does not load it: chown root" >"$WORK/said"
	else
		return 0
	fi
	print -r -- "${OWN#"$ROOT"} $(cat "$WORK/said")" >"$WORK/why"
	mv -f "$WORK/why" "$WORK/said"
	return 1
}

# need_own DAEMON: the same for what asks and changes nothing. The run ends without it.
need_own() {
	check_own "$1" || {
		print -r -u2 -- "gwctl: $(cat "$WORK/said")"
		exit 2
	}
}

# local_ids FILE: the identities that the rules of ipsec.conf(5) have the gateway send.
local_ids() { sed -n 's/.* *srcid "\([^"]*\)".*/\1/p' "$1"; }

# check_signer FILE: isakmpd signs with private/LOCALID where that is there, and with local.key else (ike_auth.c
# ike_auth_get_key); the peers have the public half of local.key.
check_signer() {
	local id
	[ "$DAEMON" = isakmpd ] || return 0
	for id in $(local_ids "$1"); do
		[ ! -e "$ROOT/etc/isakmpd/private/$id" ] || {
			print -r -- "/etc/isakmpd/private/$id is there, and isakmpd signs with it in place of local.key:" \
				"move it away" >"$WORK/said"
			return 1
		}
	done
}

# check_keys FILE: what the tunnel's authentication by public keys needs is there.
check_keys() {
	local name
	for name in $(header peerkey "$1"); do
		[ -s "$ROOT/etc/$DAEMON/pubkeys/$name" ] || {
			print -r -- "/etc/$DAEMON/pubkeys/$name, the peer's key, is missing" >"$WORK/said"
			return 1
		}
		check_own "$DAEMON" || return 1
		check_signer "$1" || return 1
	done
}

peerkey_words() {	# DAEMON TYPE/ID → FILE
	case $1 in (iked | isakmpd) ;; (*) usage_error "$1" ;; esac
	case $2 in (fqdn/* | ufqdn/* | ipv4/* | ipv6/*) ;; (*) usage_error "$2" ;; esac
	case ${2#*/} in ('' | [!A-Za-z0-9:]* | *[!A-Za-z0-9._:@+-]*) usage_error "$2" ;; esac
	FILE=$ROOT/etc/$1/pubkeys/$2
}

# iked's process that reads the keys has no rights of its own: the directories are open to all, as in base.
# Staged where no identity's key is looked for.
peerkey_put() {	# DAEMON
	local staged=$ROOT/etc/$1/pubkeys/gwctl
	(umask 022; mkdir -p "${FILE%/*}") 2>"$WORK/said" ||
		fail 1 "$FILE" "cannot be written" "look at its directory" "$WORK/said"
	stage "$staged" 0644
	quiet openssl pkey -pubin -noout -in "$staged.new" || {
		rm -f "$staged.new"
		fail 1 "$FILE" "is no public key" "write what openssl pkey -in KEY -pubout prints on the peer"
	}
	if public_half "$1" 2>/dev/null | cmp -s - "$staged.new"; then
		rm -f "$staged.new"
		fail 1 "$FILE" "is this gateway's own key" "write the peer's as peerKey"
	fi
	if same_file "$staged.new" "$FILE" 2>/dev/null; then
		rm -f "$staged.new"
		return
	fi
	if ! to_disk "$staged.new" || ! mv -f "$staged.new" "$FILE"; then
		fail 1 "$FILE" "cannot be written" "look at its directory and free space"
	fi
	did "key of ${FILE##*/}"
}

cmd_peerkey() {
	local FILE
	case ${1:-}$# in (put3 | remove3) ;; (*) usage_error peerkey ;; esac
	peerkey_words "$2" "$3"
	lock
	case $1 in
	put) peerkey_put "$2" ;;
	remove) [ ! -e "$FILE" ] || { rm -f "$FILE" && did "key of ${FILE##*/} removed"; } ;;
	esac
}

# The public half of the gateway's own key, for the other side.
cmd_key() {
	[ $# -eq 1 ] || usage_error key
	case $1 in (iked | isakmpd) ;; (*) usage_error "$1" ;; esac
	scratch
	WORK=$SCRATCH
	need_own "$1"
	cat "$WORK/own"
}

CHANGES="$CHANGES peerkey"
READS="$READS key"
