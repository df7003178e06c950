# ---- pings
#
# All of them come from one process of perl(1), of the base system: a process of ping(8) for each of five hundred
# tunnels would take the gateway longer than the answers do. Where perl is missing, ping(8) does it.

UNSENT='not sent, as a tunnel was removed meanwhile'
PROBERS=64	# processes of ping side by side; each takes about a megabyte

# The last time that a tunnel was removed or an IKE daemon stopped, and what this run knows of it, which it read before
# it looked at any tunnel. A probe that is sent afterwards would go out in clear: pf guards the networks of what is
# declared, and is the first to learn of a new declaration. So nothing is sent by a run that knows of another removal.
REMOVAL=$DB/removal
KNOWN_REMOVAL='' REMOVALS=0
read -r KNOWN_REMOVAL 2>/dev/null <"$REMOVAL"

# note_removal: before the flows go.
note_removal() {
	KNOWN_REMOVAL=$$.$(date +%s).$((REMOVALS += 1))
	print -r -- "$KNOWN_REMOVAL" >"$REMOVAL.new" && replace "$REMOVAL"
}

removed_meanwhile() {
	local last=
	read -r last 2>/dev/null <"$REMOVAL"
	[ "$last" != "$KNOWN_REMOVAL" ]
}

# A line NAME SOURCE TARGET becomes COUNT echo requests of 64 bytes, 0.2 s apart, as ping(8) sends them. The source is
# an address of this machine in the tunnel's networks: with any other the packet would not be the tunnel's. What is
# sent is spread over time, a millisecond apart at least, so that many tunnels make no burst. It ends when all have
# answered, or WAIT seconds after the last request.
# shellcheck disable=SC2016 # These are perl's variables.
PINGER='
use strict;
use warnings;
use Socket qw(:DEFAULT inet_pton pack_sockaddr_in6);
use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC);

my ($count, $wait, $removal, $known, $unsent) = @ARGV;
$0 = "gwctl: ping";
my %families = (
	4 => { family => AF_INET, protocol => 1, request => 8, reply => 0 },
	6 => { family => AF_INET6, protocol => 58, request => 128, reply => 129 },
);
my $id = int(rand(65536));
# Each probe has a token of its own, which only its own peer gets to see: another one, whose requests have the same
# id, would else answer for it. What rand makes can be told from what it made before.
open(my $random, "<", "/dev/urandom") or die "/dev/urandom: $!";
my (@probes, %sockets, @sent, $open, $stopped);

sub address {	# FAMILY TEXT → a socket address
	my ($v, $text) = @_;
	my $ip = inet_pton($families{$v}{family}, $text) or return;
	return $v == 4 ? pack_sockaddr_in(0, $ip) : pack_sockaddr_in6(0, $ip);
}

# One socket for each source: the kernel gives it what is sent to that address only.
sub socket_of {
	my ($v, $source) = @_;
	return $sockets{$source} if exists $sockets{$source};
	my $family = $families{$v};
	my $at = address($v, $source);
	socket(my $socket, $family->{family}, SOCK_RAW, $family->{protocol}) or return "socket: $!";
	defined $at or return "$source: not an address";
	bind($socket, $at) or return "bind: $!";
	setsockopt($socket, SOL_SOCKET, SO_RCVBUF, 262144);
	return $sockets{$source} = $socket;
}

sub checksum {	# RFC 1071
	my $sum = unpack("%32n*", $_[0]);
	$sum = ($sum >> 16) + ($sum & 0xffff) while $sum >> 16;
	return ~$sum & 0xffff;
}

sub removed_meanwhile {
	open(my $file, "<", $removal) or return 0;
	chomp(my $last = <$file> // "");
	return $last ne $known;
}

sub request {	# PROBE
	my ($probe) = @_;
	my $number = scalar @sent;
	$probe->{sent}++;
	my $body = pack("nn", $id, $number & 0xffff) . $probe->{token} . "\0" x 48;
	my $type = $families{$probe->{v}}{request};
	my $sum = $probe->{v} == 4 ? checksum(pack("CCn", $type, 0, 0) . $body) : 0;
	push @sent, { probe => $probe, at => clock_gettime(CLOCK_MONOTONIC) };
	# What the machine refuses to send is lost, as it is for ping(8).
	send($probe->{socket}, pack("CCn", $type, 0, $sum) . $body, 0, $probe->{target});
}

sub reply {	# FAMILY PACKET
	my ($v, $packet) = @_;
	my $now = clock_gettime(CLOCK_MONOTONIC);
	# IPv4 comes with its header.
	substr($packet, 0, 4 * (ord($packet) & 15)) = "" if $v == 4 && length $packet >= 20;
	return if length $packet < 16;
	my ($type, undef, undef, $of, $number, $theirs) = unpack("CCnnna8", $packet);
	return if $type != $families{$v}{reply} || $of != $id;
	for (; $number <= $#sent; $number += 65536) {
		my $request = $sent[$number];
		my $probe = $request->{probe};
		next if $request->{answered} || $probe->{v} != $v || $probe->{token} ne $theirs;
		$request->{answered} = 1;
		$probe->{received}++;
		$probe->{time} += $now - $request->{at};
		$open--;
		return;
	}
}

while (<STDIN>) {
	my ($name, $source, $target) = split;
	my $v = $target =~ /:/ ? 6 : 4;
	my $at = address($v, $target);
	my $socket = defined $at ? socket_of($v, $source) : "$target: not an address";
	if (!ref $socket) {
		print "$name error ping: $socket\n";
		next;
	}
	read($random, my $token, 8) == 8 or die "/dev/urandom: $!";
	push @probes, { name => $name, v => $v, socket => $socket, target => $at, token => $token,
		sent => 0, received => 0, time => 0 };
}

my $all = $open = $count * @probes;
my $apart = @probes * 0.001 > 0.2 ? @probes * 0.001 : 0.2;
my $begun = clock_gettime(CLOCK_MONOTONIC);
my $last = 0;
while ($open > 0) {
	my $now = clock_gettime(CLOCK_MONOTONIC) - $begun;
	my $number = @sent;
	my $due = int($number / @probes) * $apart + $number % @probes * $apart / @probes;
	if ($number < $all && $due <= $now) {
		if (removed_meanwhile()) {
			$stopped = 1;
			$open -= $all - $number;
			$all = $number;
			next;
		}
		request($probes[$number % @probes]);
		$last = $now;
		next;
	}
	my $until = $number < $all ? $due : $last + $wait;
	last if $until <= $now;
	my $readable = "";
	vec($readable, fileno($_), 1) = 1 for values %sockets;
	next if select($readable, undef, undef, $until - $now) <= 0;
	for my $socket (grep { vec($readable, fileno($_), 1) } values %sockets) {
		while (defined(my $from = recv($socket, my $packet, 2048, MSG_DONTWAIT))) {
			reply(sockaddr_family($from) == AF_INET ? 4 : 6, $packet);
		}
	}
}
for my $probe (@probes) {
	if ($stopped && !$probe->{received}) {
		print "$probe->{name} error ping: $unsent\n";
		next;
	}
	printf "%s %d %d %s\n", $probe->{name}, $probe->{sent}, $probe->{received},
		$probe->{received} ? sprintf("%.3f", 1000 * $probe->{time} / $probe->{received}) : "-";
}
'

# pings COUNT WAIT: lines NAME SOURCE TARGET on standard input become NAME SENT RECEIVED AVERAGE-MS|-, or
# NAME error WHY, in any order.
pings() {
	if [ -x "$ROOT/usr/bin/perl" ]; then
		"$ROOT/usr/bin/perl" -e "$PINGER" "$1" "$2" "$REMOVAL" "$KNOWN_REMOVAL" "$UNSENT"
	else
		pings_each "$1" "$2"
	fi
}

# answered_names: those of what pings printed whose target answered.
answered_names() { awk '$2 != "error" && $3 > 0 { print $1 }'; }

pings_each() {	# COUNT WAIT
	local name source target running=0
	while read -r name source target; do
		if removed_meanwhile; then
			print -r -- "$name error ping: $UNSENT"
			continue
		fi
		ping_one "$1" "$2" "$name" "$source" "$target" &
		[ $((running += 1)) -lt $PROBERS ] || { wait; running=0; }
	done
	wait
}

ping_one() {	# COUNT WAIT NAME SOURCE TARGET
	local ping=ping said sent received rtt=-
	case $5 in (*:*) ping=ping6 ;; esac
	said=$($ping -n -q -c "$1" -i 0.2 -w "$2" -I "$4" "$5" </dev/null 2>&1)
	case $said in
	*' packets transmitted, '*' packets received'*) ;;
	*)
		print -r -- "$3 error $(print -r -- "$said" | tail -n 1)"
		return
		;;
	esac
	sent=${said%%' packets transmitted'*}
	sent=${sent##*[!0-9]}
	received=${said#*' packets transmitted, '}
	received=${received%%' '*}
	case $said in (*' = '*/*)
		rtt=${said##*' = '}
		rtt=${rtt#*/}
		rtt=${rtt%%/*}
		;;
	esac
	print -r -- "$3 $sent $received $rtt"
}
