import { nestedPairs } from "../../config/nesting";
import { remoteNetworks } from "../../config/pairs";
import { ANY_PEER, fixedAddress, peerName } from "../../config/peer";
import { parseLogLine } from "../../parse/daemonLog";
import { parseGwctlLive } from "../../parse/gwctlLive";
import { parseRuleCounts } from "../../parse/pfctlRules";
import { sectionsOf } from "../../parse/sections";
import { outputOf } from "../ssh/connection";
import { gatewayTarget } from "../ssh/target";
import type { StackOutputs } from "../../contract/stackOutputs";
import type { DeclaredTunnel } from "../../contract/tunnel";
import { printPeer } from "../tunnelText";
import { assess } from "../status/assess";
import { exceptionsMissing } from "../status/excepted";
import { located } from "../status/located";
import { interfaceProblems } from "../status/secProblems";
import type { Facts } from "./facts";

/**
 * Asks the gateway everything about one tunnel, in one connection.
 *
 * @throws Unreachable if the gateway was not reached.
 */
export async function askWhy(
  outputs: StackOutputs,
  tunnel: DeclaredTunnel,
  signal: AbortSignal,
): Promise<Facts> {
  const { enabled, name, probe } = tunnel;
  const input = enabled && probe ? `${name} ${probe.source} ${probe.target}\n` : "";
  const command = question(outputs.gateway.interface, tunnel);
  const text = await outputOf(gatewayTarget(outputs.gateway), command, { input, signal });
  return factsOf(outputs, tunnel, text);
}

/** The sections of the answer beside those of `gwctl live`. */
const OWN = ["ping", "icmp", "ike-heard", "counts", "pflog", "daemon"] as const;

/**
 * For the gateway's sh. A host that refuses packets of a daemon that is gone says so by ICMP; the ping of
 * that host is what it is given time for. A peer without an address cannot be asked, and that of one that is
 * given by name stands in the tunnel's text.
 */
export function question(outside: string, tunnel: DeclaredTunnel): string {
  const networks = remoteNetworks(tunnel)
    .map((network) => `net ${network}`)
    .join(" or ");
  return `${askPeer(outside, tunnel)}
echo '--- counts'
pfctl -v -s rules
echo '--- pflog'
[ ! -s /var/log/pflog ] || tcpdump -n -e -ttt -r /var/log/pflog '${networks}' 2>/dev/null | tail -n 20
echo '--- daemon'
tail -n 5000 /var/log/daemon | grep -E ' (iked\\[|isakmpd\\[|gwctl:)'
exit 0`;
}

/** Each section is there, or it would count as lost. */
const UNWATCHED = `gwctl live
echo '--- ping'
echo '--- icmp'
echo '--- ike-heard'`;

function askPeer(outside: string, { name, peer }: DeclaredTunnel): string {
  if (peerName(peer) !== undefined) {
    return `peer=$(${printPeer(name)})
case $peer in *:*) ping=ping6 ;; *) ping=ping ;; esac
${watched(outside, '"$ping"', '"$peer"', `'"$peer"'`)}`;
  }
  const address = fixedAddress(peer);
  if (address === undefined) return UNWATCHED;
  return watched(outside, address.includes(":") ? "ping6" : "ping", address);
}

/** @param quoted the peer between single quotes */
function watched(outside: string, ping: string, peer: string, quoted = peer): string {
  return `icmp=$(mktemp /tmp/gwctl.$$.XXXXXXXXXX) || exit 1
tcpdump -n -l -i ${outside} '(icmp or icmp6 or udp dst port 500) and src host ${quoted}' >"$icmp" 2>/dev/null </dev/null &
watcher=$!
sleep 1
gwctl live
echo '--- ping'
${ping} -n -q -c 2 -w 1 ${peer} </dev/null 2>&1 || sleep 1
kill "$watcher" 2>/dev/null
echo '--- icmp'
grep -v -e 'echo re' -e isakmp "$icmp" | head -n 5
echo '--- ike-heard'
grep isakmp "$icmp" | head -n 5
rm -f "$icmp"`;
}

/** @param text what the gateway answered to {@link question} */
export function factsOf(outputs: StackOutputs, tunnel: DeclaredTunnel, text: string): Facts {
  const live = parseGwctlLive(text, OWN);
  const { tunnels, problems } = assess(outputs, live, new Date());
  const status = tunnels.find(({ name }) => name === tunnel.name);
  if (!status) throw new Error(`${tunnel.name}: assessed, but not there`);
  const sections = sectionsOf(text);
  const rows = (name: (typeof OWN)[number]) =>
    (sections.get(name) ?? []).filter((row) => row !== "");
  const guards = parseRuleCounts(rows("counts")).filter(({ rule }) =>
    /^block .* (from|to) <remote_nets/.test(rule),
  );
  const counts = guards.map(({ packets }) => packets).filter((packets) => packets !== undefined);
  const received = /(\d+) packets received/.exec(rows("ping").join("\n"))?.[1];
  const spis = new Set(
    status.selectors.flatMap(({ childSa }) => (childSa ? [childSa.spiIn, childSa.spiOut] : [])),
  );
  const packets = (sas: typeof live.before, counter: "packetsIn" | "packetsOut") =>
    sas.filter(({ spi }) => spis.has(spi)).reduce((sum, sa) => sum + (sa[counter] ?? 0), 0);
  const grown = (counter: "packetsIn" | "packetsOut") =>
    Math.max(0, packets(live.after, counter) - packets(live.before, counter));
  return {
    gateway: outputs.gateway,
    tunnel: located(tunnel, live),
    certificates: outputs.certificates,
    anyPeers: outputs.tunnels.filter(({ enabled, peer }) => enabled && peer === ANY_PEER),
    within: nestedPairs(
      outputs.tunnels.filter(
        ({ enabled, kind, name }) => kind !== "route" && (enabled || name === tunnel.name),
      ),
    ).filter(({ near }) => near.name === tunnel.name),
    status,
    interfaceProblems: interfaceProblems(live, tunnel),
    exceptionsMissing: exceptionsMissing(live, tunnel),
    problems,
    record: live.tunnels.find(({ name }) => name === tunnel.name)?.state,
    daemonRuns: live.services.some(({ name, running }) => name === status.daemon && running),
    log: rows("daemon").flatMap((row) => parseLogLine(row) ?? []),
    icmp: rows("icmp"),
    ike: rows("ike-heard"),
    peerPings: received === undefined ? undefined : Number(received) > 0,
    guarded: counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0),
    pflog: rows("pflog"),
    moved:
      live.after.length === 0 || spis.size === 0
        ? undefined
        : { out: grown("packetsOut"), in: grown("packetsIn") },
  };
}
