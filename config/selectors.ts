import { family, type Family, hostNetwork, formatNetwork } from "./net";
import type { Traffic, Tunnel } from "./schema";

/** One direction pair of a tunnel: what the flow `from` → `to` protects. */
export interface Selector {
  readonly from: string;
  readonly to: string;
  /** Absent: every protocol. */
  readonly traffic?: Traffic;
}

interface Sides {
  readonly local: readonly string[];
  readonly remote: readonly string[];
  readonly traffic?: Tunnel["traffic"];
}

/** Every local network with every remote network of its family, in the order declared. */
export function networkPairs({ local, remote }: Sides): Selector[] {
  return local.flatMap((from) =>
    remote.filter((to) => family(to) === family(from)).map((to) => ({ from, to })),
  );
}

/** The network pairs, each with every kind of traffic that its family has. */
export function selectors(tunnel: Sides): Selector[] {
  const pairs = networkPairs(tunnel);
  const { traffic } = tunnel;
  if (traffic === undefined) return pairs;
  return pairs.flatMap((pair) =>
    traffic
      .filter(({ protocol }) => protocol !== (family(pair.from) === 6 ? "icmp" : "icmp6"))
      .map((one) => ({ ...pair, traffic: one })),
  );
}

/** What the two ends agree on: as the peer has to mirror it, after NAT and for kind `route` 0/0. */
export function negotiated(tunnel: Sides & Pick<Tunnel, "kind" | "nat">): Selector[] {
  if (tunnel.kind === "route") {
    return [...familiesOf(tunnel)]
      .sort()
      .map((one) => (one === 6 ? "::/0" : "0.0.0.0/0"))
      .map((all) => ({ from: all, to: all }));
  }
  const { nat } = tunnel;
  if (nat === undefined) return selectors(tunnel);
  return selectors(tunnel).map((pair) => ({ ...pair, from: natNetwork(nat) }));
}

/** The network of the one address that NAT into a tunnel shows to the peer. */
export function natNetwork({ address }: NonNullable<Tunnel["nat"]>): string {
  const network = hostNetwork(address);
  return network === undefined ? address : formatNetwork(network);
}

/** The address families the tunnel's networks are of. */
export function familiesOf(tunnel: Sides): Set<Family> {
  const families = [...tunnel.local, ...tunnel.remote].map(family);
  return new Set(families.filter((one) => one !== undefined));
}

/**
 * A network as ipsec.conf(5) has it, a single host without its prefix. With /32 ipsecctl makes a subnet of
 * it, and isakmpd finds the connection of an exchange only by ids of the same type (compare_ids in
 * connection.c): a peer that answers with an address would get neither the tunnel nor its NAT. IPv6 hosts
 * are addresses either way (host_v6 in ipsecctl's parse.y).
 */
export function idText(network: string): string {
  return network.replace(network.includes(":") ? /\/128$/ : /\/32$/, "");
}
