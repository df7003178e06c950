import type { Traffic } from "../config/schema";
import { PROTOCOL_NUMBERS } from "../config/protocols";
import { idText, networkPairs } from "../config/selectors";
import { secName } from "./hostnameIf";

interface Pair {
  readonly local: string;
  readonly remote: string;
  readonly protocol?: Traffic["protocol"] | undefined;
  readonly localPort?: number | undefined;
  readonly remotePort?: number | undefined;
}

/** What isakmpd's names of a tunnel are made of; without `selectors` every local with every remote. */
export interface Negotiated {
  readonly kind?: "policy" | "route" | undefined;
  readonly sec?: { readonly unit: number } | undefined;
  readonly local: readonly string[];
  readonly remote: readonly string[];
  readonly selectors?: readonly Pair[] | undefined;
}

/**
 * isakmpd's names of the connections that ipsecctl makes of a tunnel's rules (ike_setup_ids in ipsecctl's
 * ike.c): what is negotiated, so a translated address, and protocols and ports by number.
 */
export function connectionNames(tunnel: Negotiated): string[] {
  const { kind, sec } = tunnel;
  if (kind === "route" && sec) return [`from-${secName(sec)}-to-${secName(sec)}`];
  return negotiatedPairs(tunnel).map(connectionName);
}

function negotiatedPairs(tunnel: Negotiated): readonly Pair[] {
  const { selectors, local, remote } = tunnel;
  const every = () => networkPairs({ local: [...local], remote: [...remote] });
  return selectors ?? every().map(({ from, to }) => ({ local: from, remote: to }));
}

function connectionName({ local, remote, protocol, ...ports }: Pair): string {
  const proto = protocol === undefined ? "" : `=${PROTOCOL_NUMBERS[protocol]}`;
  const port = (number: number | undefined) => (number === undefined ? "" : `:${number}`);
  const from = `from-${idText(local)}${proto}${port(ports.localPort)}`;
  return `${from}-to-${idText(remote)}${proto}${port(ports.remotePort)}`;
}
