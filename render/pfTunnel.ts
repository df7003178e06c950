import { isHidden, mappedTo } from "../config/nat";
import { family } from "../config/net";
import { remoteNetworks } from "../config/pairs";
import type { Traffic, Tunnel } from "../config/schema";
import { type Selector, selectors } from "../config/selectors";
import { type Interfaces, isRouted, tunnelInterface } from "../config/tunnelInterface";

/** The pf tag of a tunnel's decapsulated packets, at most 63 characters (pf.conf(5)). */
export function pfTag(tunnel: Pick<Tunnel, "name">): string {
  return `vpn-${tunnel.name}`;
}

/** Where pf sees the packets of a tunnel's networks on their own: enc0, or the interface that they are routed into. */
export function clearInterface(tunnel: Interfaces): string {
  return tunnelInterface(tunnel)?.name ?? "enc0";
}

/**
 * The rules of one tunnel's own networks. States bound to the interface never pass in clear.
 * @param inside the interface of the gateway's own side, as rules say it
 * @param nearer what lies in these networks and is another tunnel's
 */
export function tunnelRules(
  tunnel: Tunnel,
  inside: string,
  nearer: readonly Selector[] = [],
): string[] {
  return [
    `# ${tunnel.name}`,
    ...nearer.flatMap((pair) => leftToAnother(tunnel, pair)),
    ...selectors(tunnel).flatMap((pair) => [
      ...(isRouted(tunnel) ? intoInterface(tunnel, pair) : []),
      ...(tunnel.nat ? translated(tunnel, pair) : []),
      ...(isHidden(tunnel.nat) ? [] : inward(tunnel, pair, inside)),
    ]),
    ...interfaceItself(tunnel),
  ];
}

/**
 * The peer does not speak for the networks of a nearer tunnel, also while that one is down. What leaves through
 * enc0 does not show into which tunnel, so of that only an interface of its own can be closed.
 */
function leftToAnother(tunnel: Tunnel, { from: local, to: remote, traffic }: Selector): string[] {
  const on = `quick on ${clearInterface(tunnel)} ${protocol(traffic)}`;
  const [ours, theirs] = [
    `${local}${port(traffic?.localPort)}`,
    `${remote}${port(traffic?.remotePort)}`,
  ];
  return isRouted(tunnel)
    ? [
        `block drop in log ${on}from ${theirs} to ${ours}`,
        `block return out log ${on}from ${ours} to ${theirs}`,
      ]
    : [`block drop in log ${on}from ${theirs} to ${ours} tagged "${pfTag(tunnel)}"`];
}

/** A packet that came through the tunnel bears its tag: the SA's, or one that is set here. */
function inward(
  tunnel: Tunnel,
  { from: local, to: remote, traffic }: Selector,
  inside: string,
): string[] {
  const tag = `"${pfTag(tunnel)}"`;
  const match =
    protocol(traffic) +
    `from ${remote}${port(traffic?.remotePort)} to ${local}${port(traffic?.localPort)}`;
  const tagging = isRouted(tunnel) ? `tag ${tag}` : `tagged ${tag}`;
  return [
    `pass in on ${clearInterface(tunnel)} ${match} ${tagging} ${keepState(tunnel, traffic)}`,
    `pass out on ${inside} ${match} tagged ${tag}`,
  ];
}

/**
 * The network goes out as one address, of which nothing comes in by itself but the answers, by their states; or as
 * another network, host by host. A port on our side is part of what was negotiated, and pf would choose another one
 * for it.
 */
function translated(tunnel: Tunnel, { from, to, traffic }: Selector): string[] {
  const { nat } = tunnel;
  const shown = nat?.address ?? mappedTo(nat, from);
  if (shown === undefined) return [];
  const on = `out on ${clearInterface(tunnel)} ${protocol(traffic)}`;
  const target = `to ${to}${port(traffic?.remotePort)}`;
  const hidden = isHidden(nat);
  const keepsPort = !hidden || traffic?.localPort !== undefined;
  const keep = `${hidden ? "" : " bitmask"}${keepsPort ? " static-port" : ""}`;
  return [
    `match ${on}from ${from}${port(traffic?.localPort)} ${target} nat-to ${shown}${keep}`,
    `pass ${on}from ${shown} ${target} ${keepState(tunnel, traffic)}`,
  ];
}

/**
 * What comes for a network that the peer sees in place of ours, given its own addresses back. It stands before what
 * decides by them: the gateway's services are closed under its other address too. `bitmask` keeps the host's part;
 * without it every host would become the first one.
 */
export function givenBack(tunnel: Tunnel): string[] {
  return selectors(tunnel).flatMap(({ from: local, to: remote, traffic }) => {
    const shown = mappedTo(tunnel.nat, local);
    if (shown === undefined) return [];
    const match =
      protocol(traffic) +
      `from ${remote}${port(traffic?.remotePort)} to ${shown}${port(traffic?.localPort)}`;
    const tagged = isRouted(tunnel) ? "" : ` tagged "${pfTag(tunnel)}"`;
    return [`match in on ${clearInterface(tunnel)} ${match}${tagged} rdr-to ${local} bitmask`];
  });
}

/** Nothing of the networks is negotiated: what may enter the interface is said here only. */
function intoInterface(tunnel: Tunnel, { from, to, traffic }: Selector): string[] {
  const source = `from ${from}${port(traffic?.localPort)}`;
  const match = `${protocol(traffic)}${source} to ${to}${port(traffic?.remotePort)}`;
  return [`pass out on ${clearInterface(tunnel)} ${match} ${keepState(tunnel, traffic)}`];
}

/**
 * A connection that another tunnel of the group has carried so far goes on here in its middle, and its answers may
 * come through the other one: so no packet has to be the first, and its numbers are not followed (pf.conf(5), sloppy).
 */
function keepState({ group }: Pick<Tunnel, "group">, traffic?: Traffic): string {
  if (!group) return "keep state (if-bound)";
  const anyPacket = traffic === undefined || traffic.protocol === "tcp" ? "flags any " : "";
  return `${anyPacket}keep state (if-bound, sloppy)`;
}

/** The two ends of the interface may ping each other, and the gateway whoever is behind. */
function interfaceItself({ sec, gre, pairs, group }: Tunnel): string[] {
  const own = tunnelInterface({ sec, gre });
  if (!own) return [];
  const on = own.name;
  const v6 = family(own.address) === 6;
  const icmp = v6 ? "inet6 proto icmp6" : "inet proto icmp";
  const types = v6 ? "icmp6-type { echoreq unreach toobig }" : "icmp-type { echoreq unreach }";
  const targets = [own.peerAddress, ...remoteNetworks({ pairs })].join(", ");
  return [
    `pass in on ${on} ${icmp} from ${own.peerAddress} to (${on}) ${types} keep state (if-bound)`,
    `pass out on ${on} from (self) to { ${targets} } ${keepState({ group })}`,
  ];
}

function protocol(traffic: Traffic | undefined): string {
  return traffic ? `proto ${traffic.protocol} ` : "";
}

function port(number: number | undefined): string {
  return number === undefined ? "" : ` port ${number}`;
}
