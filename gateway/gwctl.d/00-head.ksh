#!/bin/ksh
#
# gwctl: changes one thing on an OpenBSD IPsec gateway so that a crash leaves the old or the new.
#
# A change is staged as FILE.new with its final mode, validated, noted in /var/db/gwctl/pending,
# renamed, activated, and the note removed. FILE.prev is the text that was activated last. At
# whatever point a run is killed, the note makes the next run with the same input activate again.
#
# Header lines of a tunnel's file that gwctl reads:
#   # gwctl bypass 10.10.0.0/24 192.0.2.0/24  what a tunnel for every address leaves out (54-bypass)
#   # gwctl certificate FQDN/gw.example.net  authentication by certificates, and the id that ours has
#   # gwctl dstid FQDN/west.example.net   the peer's id as `ikectl show sa` prints it
#   # gwctl phase1 peer-198.51.100.11     the peer's name in isakmpd, as ipsecctl makes it (ike.c)
#   # gwctl peer 198.51.100.11            the peer's address; any: it may have any
#   # gwctl name vpn.example.net inet …   the peer is given by name (53-names)
#   # gwctl peerkey fqdn/west.example.net authentication by public keys, and the name of the peer's
#   # gwctl probe 10.10.0.2 10.20.1.100   a ping that proves the tunnel: from one of ours, to one of theirs
#   # gwctl watchdog no                   nobody resets it
#
# GWCTL_ROOT goes before every path; GWCTL_LOCK_SECONDS replaces the 60 s of waiting for the lock,
# GWCTL_LIMIT_SECONDS the 120 s that one command may take, and the 20 s of one that only asks.

VERSION=2

set -u	# older ksh takes an empty "$@" for unset: ${1+"$@"} where it may be empty
umask 077
LC_ALL=C
PATH=${PATH:-}:/sbin:/usr/sbin:/bin:/usr/bin
export LC_ALL PATH

ROOT=${GWCTL_ROOT:-}
DB=$ROOT/var/db/gwctl
PENDING=$DB/pending
WORK=$DB/work
QUEUE=$DB/queue
LOCK=$ROOT/var/run/gwctl.lock
FIFO=$ROOT/var/run/isakmpd.fifo
RESULT=$ROOT/var/run/isakmpd.result

# What parts the ids of peers where they are taken one by one: a distinguished name has blanks.
LINES_ONLY='
'

# How long the text on standard input is, where the caller says so. It may hold a key: no checksum of it
# belongs among the arguments, which others on this machine see.
BYTES=
case ${1:-} in (--bytes) BYTES=${2:-none}; shift; [ $# -eq 0 ] || shift ;; esac
ME="${1:-} ${2:-} ${3:-}"

# Each part names its subcommands here: cmd_NAME. What changes something reports whether it did.
CHANGES=
READS=

usage() {
	cat <<'EOF'
usage: gwctl [--bytes N] COMMAND
       gwctl put PATH MODE OWNER[:GROUP] [--check CMD] [--activate CMD]
       gwctl services
       gwctl ike iked|isakmpd
       gwctl tunnel put iked|isakmpd NAME [disabled]
       gwctl tunnel remove|up|down|restart|kill NAME
       gwctl tunnel flush | start-all
       gwctl peerkey put|remove iked|isakmpd TYPE/ID
       gwctl key iked|isakmpd
       gwctl certificates put|remove iked|isakmpd
       gwctl request iked|isakmpd
       gwctl pf|pfuser|sshd load|confirm SECONDS
       gwctl pf|pfuser|sshd settle|rollback
       gwctl interface NAME
       gwctl arm [remove] NAME | gate
       gwctl sysctl | packages
       gwctl patches report|apply
       gwctl reboot begin [--always] [--window HH:MM-HH:MM]
       gwctl reboot end SECONDS
       gwctl release facts|fetch|finish
       gwctl watch [once | routes | set]
       gwctl seal arm|run UUID | identity
       gwctl state | drift [errata] | live | probe | version | --help

put, services, ike, tunnel put, peerkey put, certificates put, request, load, confirm, settle, sysctl, packages, watch set and reboot read their
text on standard input. --bytes is how long it is: refused is what is cut, also at the end of a line.
CMD is run by sh with the file as $1. What is loaded and not confirmed from another SSH connection
within SECONDS is taken back; confirm then loads it again, settle does not. kill drops the SAs of one
tunnel, restart also negotiates them anew at once unless it is passive, as isakmpd does after kill too.
restart and start-all start a daemon that died. interface applies hostname.NAME in place and reads back what
came of it: for put --activate. arm does so for an interface that may carry this connection, and gate for the
default route of mygate: what would cut the connection off is refused. Prints changed, unchanged or armed.
peerkey keeps the public key of the peer with that identity, such as fqdn/west.example.net; key prints the
public half of the gateway's own. certificates are the authorities, the lists of revoked ones and the gateway's
own, one after the other, each after a line `# ca`, `# crls` or `# certs`; those that do not fit together, or not
the gateway's own key, are refused. request prints a request for one of that key: its subject is the first line
read, and each further one a name such as DNS:gw.example.net.
seal arm has the next boot seal this disk if the machine has that UUID: for a copy, before it is
another gateway's. A sealed disk starts only with a medium that tells it who it is.
live and probe read lines NAME SOURCE TARGET, to be pinged; live also prints the state.

exit status: 0 done; 1 refused, nothing changed; 2 activation failed, the old state is back;
3 the old state does not run either; 64 usage.
EOF
}

usage_error() {
	print -r -u2 -- "gwctl: ${1:-arguments}: not understood: see gwctl --help"
	exit 64
}

