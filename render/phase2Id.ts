import type { Traffic, Tunnel } from "../config/schema";
import { PROTOCOL_NUMBERS } from "../config/protocols";
import { idText } from "../config/selectors";

interface Pair {
  readonly local: string;
  readonly remote: string;
  readonly protocol?: Traffic["protocol"] | undefined;
  readonly localPort?: number | undefined;
  readonly remotePort?: number | undefined;
}

/** What isakmpd's names of a tunnel are made of. */
export interface Negotiated {
  readonly kind?: Tunnel["kind"] | undefined;
  readonly sec?: { readonly unit: number } | undefined;
  readonly selectors: readonly Pair[];
}

/**
 * isakmpd's names of the connections that ipsecctl makes of a tunnel's rules (ike_setup_ids in ipsecctl's
 * ike.c): what is negotiated, so a translated address, and protocols and ports by number.
 */
export function connectionNames(tunnel: Negotiated): string[] {
  const { kind, sec, selectors } = tunnel;
  if (kind === "route" && sec) return [`from-sec${sec.unit}-to-sec${sec.unit}`];
  return selectors.map(connectionName);
}

function connectionName({ local, remote, protocol, ...ports }: Pair): string {
  const proto = protocol === undefined ? "" : `=${PROTOCOL_NUMBERS[protocol]}`;
  const port = (number: number | undefined) => (number === undefined ? "" : `:${number}`);
  const from = `from-${idText(local)}${proto}${port(ports.localPort)}`;
  return `${from}-to-${idText(remote)}${proto}${port(ports.remotePort)}`;
}
