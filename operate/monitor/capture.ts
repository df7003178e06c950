import type { DeclaredTunnel, GatewayOutput } from "../stack/outputs";

export const PLACES = ["enc0", "pflog0", "outside"] as const;
export type Place = (typeof PLACES)[number];

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
  const networks = (list: readonly string[]) =>
    `(${list.map((network) => `net ${network}`).join(" or ")})`;
  const inside = `${networks(tunnel.local)} and ${networks(tunnel.remote)}`;
  const filter =
    place === "outside"
      ? `host ${tunnel.peer} and (udp port 500 or udp port 4500 or proto 50 or icmp or icmp6)`
      : inside;
  const device = place === "outside" ? outside : place;
  const limit = count === undefined ? "" : ` -c ${count}`;
  return `exec tcpdump -n -s 65535${limit} -i ${device} -w - '${filter}'`;
}
