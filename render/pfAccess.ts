import { armsOf, isTwoArmed, outsideInterface } from "../config/arms";
import { usesIpv6 } from "../config/families";
import { unknownAddress, fixedAddresses } from "../config/peer";
import type { StackConfig, Tunnel } from "../config/schema";

/** Comments of pf.conf that gwctl reads (gateway/gwctl.d/62-pf.ksh). */
const LAST = "# gwctl last ";

/**
 * What gwctl loads where the confirmed pf.conf does not load: the administrators reach the gateway, it
 * speaks IKE with the peers of its tunnels, and nothing else passes. A part of pf.conf, so that it is
 * confirmed with it; comments, so that it decides nothing there.
 */
export function lastResort(config: StackConfig): string[] {
  return [
    "# Loaded where the rest does not load: SSH from the administrators, IKE with the peers.",
    ...[
      ...interfaces(config),
      ...accessTables(config),
      "set skip on lo",
      "block log all",
      adminRule(config),
      ...ikeRules(config),
      ...(usesIpv6(config) ? [NEIGHBOURS] : []),
    ].map((line) => LAST + line),
  ];
}

/** Without these no packet of IPv6 finds its way on a link. */
const NEIGHBOURS =
  "pass on $ext inet6 proto icmp6 icmp6-type { neighbrsol neighbradv routersol routeradv }";

/** The macros that the rules know the interfaces by: with one arm it is the outside and the inside. */
export function interfaces({ network }: StackConfig): string[] {
  const ext = `ext = "${outsideInterface(network)}"`;
  if (!isTwoArmed(network)) return [ext];
  const names = (inside: boolean) =>
    armsOf(network)
      .filter(({ address, side }) => address !== undefined && !(inside && side === "outside"))
      .map((arm) => arm.interface)
      .join(" ");
  return [ext, `int = "{ ${names(true)} }"`, `arms = "{ ${names(false)} }"`];
}

/** What rules say for the gateway's own side, for every side, and for its own addresses there. */
export interface Sides {
  readonly inside: string;
  readonly every: string;
  readonly own: string;
}

export function sides({ network }: StackConfig): Sides {
  return isTwoArmed(network)
    ? { inside: "$int", every: "$arms", own: "(self)" }
    : { inside: "$ext", every: "$ext", own: "($ext)" };
}

export function table(name: string, entries: readonly string[]): string[] {
  const unique = [...new Set(entries)];
  return unique.length === 0 ? [] : [`table <${name}> const { ${unique.join(", ")} }`];
}

export function accessTables(config: StackConfig): string[] {
  return [
    ...table("admin_nets", config.admin.networks),
    ...table("vpn_peers", fixedAddresses(enabled(config))),
  ];
}

export function adminRule(config: StackConfig): string {
  const { every, own } = sides(config);
  return `pass in quick on ${every} proto tcp from <admin_nets> to ${own} port ${config.admin.port}`;
}

export function ikeRules(config: StackConfig): string[] {
  const peers = enabled(config);
  return [
    ...(fixedAddresses(peers).length > 0 ? knownPeers(config) : []),
    ...(unknownAddress(peers) ? unknownPeers(config) : []),
  ];
}

function knownPeers({ network }: StackConfig): string[] {
  return [
    "pass in quick on $ext proto udp from <vpn_peers> to ($ext) port { 500 4500 }",
    "pass out quick on $ext proto udp from ($ext) to <vpn_peers> port { 500 4500 }",
    ...(network.behindNat
      ? []
      : [
          "pass in quick on $ext proto esp from <vpn_peers> to ($ext)",
          "pass out quick on $ext proto esp from ($ext) to <vpn_peers>",
        ]),
  ];
}

/**
 * Of one address, so many states, as some peers may be behind one NAT. Of all together and each rule, so many
 * that three rules leave room in pf's tables of sources (10000 by default) and of states (100000).
 * pf.conf(5) has a rate of new connections for TCP only, and a rate of packets (max-pkt-rate) would count
 * what a tunnel carries.
 */
export const UNKNOWN_PEER_LIMITS = "keep state (max 3000, source-track rule, max-src-states 32)";

/**
 * After the rules for the known peers, which no limit touches. A peer behind a NAT has ports of the NAT's
 * choice, so what goes out is known by our own.
 */
function unknownPeers({ network }: StackConfig): string[] {
  return [
    `pass in quick on $ext proto udp from any to ($ext) port { 500 4500 } ${UNKNOWN_PEER_LIMITS}`,
    "pass out quick on $ext proto udp from ($ext) port { 500 4500 } to any",
    ...(network.behindNat
      ? []
      : [
          `pass in quick on $ext proto esp from any to ($ext) ${UNKNOWN_PEER_LIMITS}`,
          "pass out quick on $ext proto esp from ($ext) to any",
        ]),
  ];
}

export function enabled({ tunnels }: StackConfig): Tunnel[] {
  return tunnels.filter((tunnel) => tunnel.enabled);
}
