import { shownNetwork, type Translation } from "./nat";
import { family, type Family } from "./net";
import { fixedAddress } from "./peer";
import type { Paired } from "./pairs";
import type { Traffic, Tunnel } from "./schema";

/** One direction pair of a tunnel: what the flow `from` → `to` protects. */
export interface Selector {
  readonly from: string;
  readonly to: string;
  /** Absent: every protocol. */
  readonly traffic?: Traffic;
}

/** The pairs of networks, each with every kind of traffic of it that its family has. */
export function selectors({ pairs }: Paired): Selector[] {
  return pairs.flatMap(({ local: from, remote: to, traffic }): Selector[] =>
    traffic === undefined
      ? [{ from, to }]
      : traffic
          .filter(({ protocol }) => protocol !== (family(from) === 6 ? "icmp" : "icmp6"))
          .map((one) => ({ from, to, traffic: one })),
  );
}

/**
 * What the two ends agree on: as the peer has to mirror it, after NAT, for kind `route` 0/0, and for kind `gre`
 * the GRE between the two.
 * @param own the gateway's address towards the peers; without it nothing is known of kind `gre`
 */
export function negotiated(
  tunnel: Paired & Pick<Tunnel, "kind" | "peer"> & { nat?: Translation },
  own: string | undefined,
): Selector[] {
  if (tunnel.kind === "gre") {
    const peer = fixedAddress(tunnel.peer);
    if (own === undefined || peer === undefined) return [];
    return [{ from: host(own), to: host(peer), traffic: { protocol: "gre" } }];
  }
  if (tunnel.kind === "route") {
    return [...familiesOf(tunnel)]
      .sort()
      .map((one) => (one === 6 ? "::/0" : "0.0.0.0/0"))
      .map((all) => ({ from: all, to: all }));
  }
  return selectors(tunnel).map((pair) => ({ ...pair, from: shownNetwork(tunnel.nat, pair.from) }));
}

function host(address: string): string {
  return `${address}/${family(address) === 6 ? 128 : 32}`;
}

/** The address families the tunnel's networks are of. */
export function familiesOf({ pairs }: Paired): Set<Family> {
  const families = pairs.flatMap(({ local, remote }) => [family(local), family(remote)]);
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
