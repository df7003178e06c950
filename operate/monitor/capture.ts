import { products } from "../../config/pairs";
import { shellWord } from "../../render/shellWord";
import type { GatewayOutput } from "../../contract/stackOutputs";
import type { DeclaredTunnel } from "../../contract/tunnel";

/** Which packets of a tunnel can be captured. */
export const PLACES = {
  outside: "the encrypted packets from and to its peer, and ICMP of the peer",
  enc0:
    "what is inside the tunnel, in clear, each packet after its outer header: enc(4); tunnels that " +
    "share a peer look alike there",
  pflog0: "what the packet filter blocked and logged: pflog(4)",
} as const;
export type Place = keyof typeof PLACES;

/**
 * The command that captures one tunnel's packets, for the gateway's sh: pcap on its standard output.
 * Outside are the encrypted packets of its peer; enc0 has what is inside (enc(4)), pflog0 what the
 * packet filter logged (pflog(4)).
 *
 * @param count ends after that many packets; undefined: when the connection ends
 */
export function captureCommand(
  { interface: outside }: Pick<GatewayOutput, "interface">,
  tunnel: DeclaredTunnel,
  place: Place,
  count?: number,
): string {
  const filter = filterAt(place, tunnel);
  const device = place === "outside" ? outside : place;
  const limit = count === undefined ? "" : ` -c ${count}`;
  return `exec tcpdump -n -s 65535${limit} -i ${device} -w - ${shellWord(filter)}`;
}

/**
 * On enc0 the filter of tcpdump(8) sees a packet with its outer header: the addresses are those of the
 * gateway and the peer, the protocol is that of the inner packet, IPv4 or IPv6 (enc(4)).
 */
function filterAt(place: Place, tunnel: DeclaredTunnel): string {
  const { peer } = tunnel;
  switch (place) {
    case "outside":
      return `host ${peer} and (udp port 500 or udp port 4500 or proto 50 or icmp or icmp6)`;
    case "enc0":
      return `host ${peer} and (proto 4 or proto 41)`;
    case "pflog0":
      return products(tunnel)
        .map(({ local, remote }) => `${anyOf(local)} and ${anyOf(remote)}`)
        .map((one, _, all) => (all.length > 1 ? `(${one})` : one))
        .join(" or ");
  }
}

function anyOf(networks: readonly string[]): string {
  return `(${networks.map((network) => `net ${network}`).join(" or ")})`;
}
