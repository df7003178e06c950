import {
  contains,
  formatNetwork,
  hostNetwork,
  type Network,
  numberedAddress,
  parseNetwork,
} from "./net";

/** What a tunnel translates: our network to one address, or networks to others of their size. */
export type Translation =
  | {
      readonly address?: string | undefined;
      readonly networks?: readonly { readonly local: string; readonly as: string }[] | undefined;
    }
  | undefined;

/** The network that one of ours is mapped to, host by host; undefined: it is not mapped. */
export function mappedTo(nat: Translation, local: string): string | undefined {
  return nat?.networks?.find((one) => one.local === local)?.as;
}

/** One of our networks as the peer sees it. */
export function shownNetwork(nat: Translation, local: string): string {
  if (nat?.address !== undefined) return natNetwork(nat.address);
  return mappedTo(nat, local) ?? local;
}

/** Whether nothing of this network is open to the peer: behind one address there is no telling which host is meant. */
export function isHidden(nat: Translation): boolean {
  return nat?.address !== undefined;
}

/** One of our addresses as the peer has to write it; undefined: it cannot. */
export function shownAddress(nat: Translation, address: string): string | undefined {
  if (isHidden(nat)) return undefined;
  const host = hostNetwork(address);
  for (const { local, as } of nat?.networks ?? []) {
    const [from, to] = [parseNetwork(local), parseNetwork(as)];
    if (host && from && to && contains(from, host)) return moved(host, from, to);
  }
  return address;
}

/** The host part stays, and the network's changes (bitmask in pf.conf(5)). */
function moved(host: Network, from: Network, to: Network): string {
  return numberedAddress(to.first + (host.first - from.first), to.family);
}

/** The network of the one address that NAT into a tunnel shows to the peer. */
function natNetwork(address: string): string {
  const network = hostNetwork(address);
  return network === undefined ? address : formatNetwork(network);
}
