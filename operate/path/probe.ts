import { randomInt } from "node:crypto";
import { Refusal } from "../command";
import type { Finished } from "../run";
import { eachLine } from "../ssh/connection";
import type { SshTarget } from "../ssh/target";
import type { Probe } from "./model";

export const PORTS = [500, 4500] as const;

/** A place that datagrams are sent from. */
export interface Sender {
  readonly from: Probe["from"];
  /** Where they go: the gateway's own address, or what the peers take for it. */
  readonly to: string;
  /** Runs the script there. */
  readonly send: (script: string) => Promise<Finished>;
}

export interface Probing {
  readonly gateway: SshTarget;
  readonly interface: string;
  readonly address: string;
  readonly senders: readonly Sender[];
  readonly signal: AbortSignal;
}

export interface Probed {
  readonly probes: readonly Probe[];
  /** Why a place sent nothing. */
  readonly silent: readonly string[];
}

/** How long the gateway listens for the last datagram, in seconds. */
const PATIENCE = 12;

/**
 * Has datagrams sent to the gateway's two ports, and looks what arrives there, before its packet filter.
 * They are shorter than the header of IKE, so no daemon takes them for anything; their length is drawn
 * at random, and distinguishes them from other datagrams, and the two ports from each other.
 *
 * @throws Unreachable if the gateway was not reached.
 */
export async function probe(probing: Probing): Promise<Probed> {
  const { gateway, senders, signal } = probing;
  if (senders.length === 0) return { probes: [], silent: [] };
  const length = randomInt(9, 27);
  const first = randomInt(40_000, 60_000);
  const lines: string[] = [];
  const sendings: Promise<{ probes: Probe[]; silent: string[] }>[] = [];
  const listening = eachLine(
    gateway,
    listener(probing, length, senders.length * PORTS.length),
    (line) => {
      if (line !== READY) lines.push(line);
      else {
        sendings.push(
          ...senders.map((sender, index) => sendFrom(sender, first + index * 10, length)),
        );
      }
    },
    { signal },
  );
  await listening;
  if (sendings.length === 0) {
    throw new Refusal(`${gateway.name}: tcpdump on ${probing.interface} does not start`);
  }
  const sent = await Promise.all(sendings);
  return {
    probes: sent.flatMap(({ probes }) => probes.map((one) => ({ ...one, ...arrival(one, lines) }))),
    silent: sent.flatMap(({ silent }) => silent),
  };
}

const READY = "ready";

/** For the gateway's sh: ends as soon as it has everything, so that nothing is waited for. */
export function listener(
  { interface: name, address }: Pick<Probing, "interface" | "address">,
  length: number,
  count: number,
): string {
  // Of IPv6 pcap-filter(7) finds no `udp[…]`: its header is 40 bytes long.
  const size = address.includes(":") ? "ip6[44:2]" : "udp[4:2]";
  const filter = `udp and dst host ${address} and (dst port 500 or dst port 4500) and ${size} = ${length + 8}`;
  return `seen=$(mktemp /tmp/gwctl.$$.XXXXXXXXXX) || exit 1
tcpdump -n -l -i ${name} '${filter}' >"$seen" 2>"$seen.err" </dev/null &
watcher=$!
trap 'kill "$watcher" 2>/dev/null; rm -f "$seen" "$seen.err"' EXIT
tries=0
until grep -q listening "$seen.err" 2>/dev/null; do
  tries=$((tries + 1))
  [ $tries -lt 10 ] || exit 0
  sleep 1
done
echo ${READY}
tries=0
while [ $tries -lt ${PATIENCE} ]; do
  [ "$(awk '{ for (i = 1; i < NF; i++) if ($(i + 1) == ">") print $i, $(i + 2) }' "$seen" | sort -u | wc -l)" -lt ${count} ] || break
  tries=$((tries + 1))
  sleep 1
done
cat "$seen"
exit 0`;
}

/** For the sh of the place: each datagram three times, because UDP may lose one. */
export function sender(to: string, port: number, length: number): string {
  const six = to.includes(":");
  const [domain, pack, any] = six
    ? ["AF_INET6", "sockaddr_in6", "IN6ADDR_ANY"]
    : ["AF_INET", "sockaddr_in", "INADDR_ANY"];
  const perl = [
    `use Socket qw(${domain} ${pack} ${any} SOCK_DGRAM inet_pton inet_ntop);`,
    "my ($to, $port, $length) = @ARGV;",
    `my $there = inet_pton(${domain}, $to) or die "$to: no address\\n";`,
    `socket(my $s, ${domain}, SOCK_DGRAM, 0) or die "socket: $!\\n";`,
    `bind($s, ${pack}($port, ${any})) or die "port $port: $!\\n";`,
    "for (1 .. 3) { for my $p (500, 4500) {",
    `connect($s, ${pack}($p, $there)) or die "$to: $!\\n";`,
    // The first one only tells that nobody listens where the last one went to (ICMP), and is not sent.
    "send($s, chr(255) x $length, 0) or send($s, chr(255) x $length, 0);",
    `print inet_ntop(${domain}, (${pack}(getsockname($s)))[1]), qq{ $p\\n}; }`,
    "select(undef, undef, undef, 0.5); }",
  ].join(" ");
  return `if command -v perl >/dev/null; then
  exec perl -e '${perl}' ${to} ${port} ${length}
elif command -v python3 >/dev/null; then
  exec python3 -c '
import socket, sys, time
to, port, length = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
s = socket.socket(socket.${domain}, socket.SOCK_DGRAM)
s.bind(("", port))
for again in range(3):
    for p in (500, 4500):
        s.connect((to, p))
        for attempt in range(2):
            try:
                s.send(b"\\xff" * length)
                break
            except OSError: pass
        print(s.getsockname()[0], p)
    time.sleep(0.5)
' ${to} ${port} ${length}
fi
echo 'neither perl nor python3 is there to send a datagram' >&2
exit 3
`;
}

async function sendFrom(
  { from, to, send }: Sender,
  port: number,
  length: number,
): Promise<{ probes: Probe[]; silent: string[] }> {
  try {
    const { status, stdout, stderr } = await send(sender(to, port, length));
    if (status === 0) return { probes: sentProbes(from, port, stdout), silent: [] };
    return { probes: [], silent: [`${from}: ${stderr.trim().split("\n").at(-1) ?? ""}`] };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { probes: [], silent: [`${from}: ${error.message}`] };
  }
}

/** @param told lines `SOURCE PORT` */
function sentProbes(from: Probe["from"], sourcePort: number, told: string): Probe[] {
  return PORTS.flatMap((port) => {
    const host = new RegExp(`^(\\S+) ${port}$`, "m").exec(told)?.[1];
    return host === undefined ? [] : [{ from, port, source: { host, port: sourcePort } }];
  });
}

/**
 * By the port it was sent from; where that was rewritten, by the address. One that has both changed is
 * another's.
 */
export function arrival(
  { port, source }: Probe,
  lines: readonly string[],
): Pick<Probe, "arrived"> | undefined {
  const seen = lines.flatMap((line) => {
    const form = / ([\da-f:.]+)\.(\d{1,5}) > [\da-f:.]+\.(\d{1,5}):/;
    const [, host, from, to] = form.exec(line) ?? [];
    if (host === undefined || Number(to) !== port) return [];
    return [{ host, port: Number(from) }];
  });
  const arrived =
    seen.find((one) => one.port === source.port) ?? seen.find(({ host }) => host === source.host);
  return arrived && { arrived };
}
