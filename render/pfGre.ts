import type { Tunnel } from "../config/schema";
import { pfTag } from "./pfTunnel";

/** GRE between the gateway and a peer never comes or leaves in clear, also while the tunnel is down or disabled. */
export function greGuards(tunnels: readonly Tunnel[], every: string): string[] {
  return tunnels
    .filter(({ kind }) => kind === "gre")
    .flatMap(({ peer }) => [
      `block drop in log quick on ${every} inet proto gre from ${peer} to any`,
      `block drop out log quick on ${every} inet proto gre from any to ${peer}`,
    ]);
}

/**
 * A tunnel's GRE where pf sees it without its ESP. Of transport mode that is the packet between the two gateways,
 * before the interface has taken the inner one out of it, or after it has put it in (ipsec_input.c, ip_output.c).
 * @param own the gateway's address towards the peers
 */
export function protectedGre(tunnel: Tunnel, own: string): string[] {
  if (tunnel.kind !== "gre") return [];
  const { peer } = tunnel;
  return [
    `pass in on enc0 inet proto gre from ${peer} to ${own} tagged "${pfTag(tunnel)}" keep state (if-bound)`,
    `pass out on enc0 inet proto gre from ${own} to ${peer} keep state (if-bound)`,
  ];
}

/**
 * What routing daemons of the two ends say to each other, before the gateway's own services are closed. BGP is TCP
 * between the two (RFC 4271), OSPF a protocol of its own that also goes to the groups of its routers (RFC 2328 8.1).
 * Nobody but the peer is on the interface, and nothing of it is forwarded.
 */
export function routingProtocols({ gre }: Pick<Tunnel, "gre">): string[] {
  if (!gre?.routing) return [];
  const on = `gre${gre.unit}`;
  const rules = {
    bgp: [
      `pass in quick on ${on} proto tcp from ${gre.peerAddress} to (${on}) port 179 keep state (if-bound)`,
    ],
    ospf: ["in", "out"].map((way) => `pass ${way} quick on ${on} proto ospf keep state (if-bound)`),
  };
  return gre.routing.flatMap((protocol) => rules[protocol]);
}
