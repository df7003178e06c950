import { contains, type Network, overlap, parseNetwork } from "./net";
import type { Paired } from "./pairs";
import { type Selector, selectors } from "./selectors";

/** Two networks that reach each other. */
export interface NetworksOfPair {
  readonly local: Network;
  readonly remote: Network;
}

/**
 * Every two pairs that a packet may fit both of, the one with the wider remote network first. With 1000 tunnels
 * each pair is compared with those around it only.
 */
export function overlappingPairs<T extends NetworksOfPair>(pairs: readonly T[]): [T, T][] {
  const around: T[] = [];
  return [...pairs].sort(widerFirst).flatMap((pair) => {
    while (around.length > 0 && !isAround(around.at(-1), pair)) around.pop();
    const found = around.filter((one) => overlap(one.local, pair.local));
    around.push(pair);
    return found.map((one): [T, T] => [one, pair]);
  });
}

function isAround(one: NetworksOfPair | undefined, pair: NetworksOfPair): boolean {
  return one !== undefined && contains(one.remote, pair.remote);
}

/** Networks nest or are disjoint: so those that hold one are right before it. */
function widerFirst({ remote: a }: NetworksOfPair, { remote: b }: NetworksOfPair): number {
  return a.family - b.family || compared(a.first, b.first) || compared(b.last, a.last);
}

function compared(one: bigint, other: bigint): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** Whether every packet of the nearer pair fits the wider one too. */
export function holds(wide: NetworksOfPair, near: NetworksOfPair): boolean {
  return contains(wide.local, near.local) && contains(wide.remote, near.remote);
}

/** Of these overlapping pairs, those of which one holds the other. Of two equal remote networks the local ones decide. */
export function nestedOf<T extends NetworksOfPair>(
  overlapping: readonly (readonly [T, T])[],
): { readonly wide: T; readonly near: T }[] {
  return overlapping.flatMap(([one, other]) => {
    if (holds(one, other)) return [{ wide: one, near: other }];
    return holds(other, one) ? [{ wide: other, near: one }] : [];
  });
}

/** A pair of one tunnel's networks that lies in another tunnel's. */
export interface Nested<T> {
  readonly wide: T;
  readonly near: T;
  readonly pair: Paired["pairs"][number];
}

/**
 * Every pair of a tunnel that another one's networks hold. Of the two OpenBSD's kernel takes the longer prefix
 * (rn_match in radix.c), and so do routes. Equal pairs are those of a group, of which neither leaves anything to the other.
 */
export function nestedPairs<T extends Paired>(tunnels: readonly T[]): Nested<T>[] {
  const pairs = tunnels.flatMap((tunnel) =>
    tunnel.pairs.flatMap((pair) => {
      const [local, remote] = [parseNetwork(pair.local), parseNetwork(pair.remote)];
      return local && remote ? [{ tunnel, pair, local, remote }] : [];
    }),
  );
  return nestedOf(overlappingPairs(pairs))
    .filter(({ wide, near }) => wide.tunnel !== near.tunnel && !holds(near, wide))
    .map(({ wide, near }) => ({ wide: wide.tunnel, near: near.tunnel, pair: near.pair }));
}

/** By tunnel, what it leaves to others. */
export function nearerSelectors<T extends Paired>(
  tunnels: readonly T[],
): ReadonlyMap<T, Selector[]> {
  const found = new Map<T, Selector[]>();
  for (const { wide, pair } of nestedPairs(tunnels)) {
    found.set(wide, [...(found.get(wide) ?? []), ...selectors({ pairs: [pair] })]);
  }
  return found;
}
