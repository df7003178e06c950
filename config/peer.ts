import { parseAddress } from "./net";

/** In place of an address: the peer is known by its identity alone, and starts from wherever it is. */
export const ANY_PEER = "any";

const LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
/** Two labels at least, the last one no number: what looks like an address is meant as one. */
const HOST_NAME = new RegExp(
  `^(?=.{1,253}$)(?:${LABEL}\\.)+[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$`,
);

/** The name of a peer whose address the gateway looks up. */
export function peerName(peer: string): string | undefined {
  return parseAddress(peer) === undefined && HOST_NAME.test(peer) ? peer : undefined;
}

/** The address of a peer that the declaration has one of: not of one by name, nor of one that may have any. */
export function fixedAddress(peer: string): string | undefined {
  return peer === ANY_PEER || peerName(peer) !== undefined ? undefined : peer;
}

/** The addresses of these peers, without those that only the gateway knows. */
export function fixedAddresses(peers: readonly { readonly peer: string }[]): string[] {
  return peers.flatMap(({ peer }) => fixedAddress(peer) ?? []);
}

/** Whether one of these peers may come from an address that the declaration does not have. */
export function unknownAddress(peers: readonly { readonly peer: string }[]): boolean {
  return peers.some(({ peer }) => fixedAddress(peer) === undefined);
}
