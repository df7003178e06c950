/** In place of an address: the peer is known by its identity alone, and starts from wherever it is. */
export const ANY_PEER = "any";

/** The address of a peer that has one of its own, or undefined where it may come from any. */
export function fixedAddress(peer: string): string | undefined {
  return peer === ANY_PEER ? undefined : peer;
}

/** The addresses of these peers, without those that may have any. */
export function fixedAddresses(peers: readonly { readonly peer: string }[]): string[] {
  return peers.flatMap(({ peer }) => fixedAddress(peer) ?? []);
}

/** Whether one of these peers may come from any address. */
export function anyAddress(peers: readonly { readonly peer: string }[]): boolean {
  return peers.some(({ peer }) => fixedAddress(peer) === undefined);
}
