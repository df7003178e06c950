import { isDeepStrictEqual } from "node:util";
import { selectors } from "../../config/selectors";
import type { Traffic } from "../../config/schema";
import type { Candidate, ImportedPair } from "./candidate";
import { LeftOut, type Notes } from "./note";

/** What the pairs of a tunnel have to be: every local network with every remote one. */
export interface Sides {
  readonly local: readonly string[];
  readonly remote: readonly string[];
  readonly traffic?: readonly Traffic[];
}

/** Rules for one peer that differ in their networks only, as ipsec.conf(5) needs them, are one tunnel. */
export function merged(candidates: readonly Candidate[]): Candidate[] {
  const found: Candidate[] = [];
  for (const candidate of candidates) {
    const index = found.findIndex((other) => sameButPairs(other, candidate));
    const other = found[index];
    if (other === undefined) found.push(candidate);
    else found[index] = { ...other, pairs: [...other.pairs, ...candidate.pairs] };
  }
  return found;
}

function sameButPairs(one: Candidate, other: Candidate): boolean {
  const rest = (candidate: Candidate) => ({ ...candidate, pairs: [], file: "", line: 0 });
  return isDeepStrictEqual(rest(one), rest(other));
}

/**
 * The networks of both sides; notes the pairs that the declaration has more than the file.
 *
 * @throws LeftOut if they are too many
 */
export function sidesOf(candidate: Candidate, notes: Notes): Sides {
  const { pairs } = candidate;
  const free = pairs.filter(({ traffic }) => traffic === undefined);
  if (free.length > 0 && free.length < pairs.length) {
    notes.leftOut(
      candidate,
      "rules for single protocols beside one for all of them",
      "nothing, if the networks are the same; else declare them in a tunnel of their own",
    );
  }
  const kept = free.length > 0 ? free : pairs;
  const traffic = distinct(kept.flatMap((pair) => pair.traffic ?? []));
  const sides: Sides = {
    local: distinct(kept.map(({ local }) => local)),
    remote: distinct(kept.map(({ remote }) => remote)),
    ...(traffic.length > 0 && { traffic }),
  };
  const more = added(sides, kept);
  if (more !== undefined) {
    notes.changed(
      candidate,
      `every local network reaches every remote one, which adds ${more}`,
      "agree the added pairs with the peer, or leave networks out",
    );
  }
  return sides;
}

/** With more added pairs than these the declaration would be another tunnel than the file's. */
const MOST_ADDED = 256;

/**
 * The pairs that the declaration has more than the file, as text.
 *
 * @throws LeftOut if they are too many to agree with the peer
 */
function added(
  { local, remote, traffic }: Sides,
  kept: readonly ImportedPair[],
): string | undefined {
  const asked = new Set(kept.map((pair) => keyOf(pair.local, pair.remote, pair.traffic)));
  if (local.length * remote.length * (traffic?.length ?? 1) > 2 * (asked.size + MOST_ADDED)) {
    throw new LeftOut(
      `has ${asked.size} pairs of networks, far from every local network with every remote one`,
      "declare a tunnel for each group of networks that all reach each other",
    );
  }
  const sides = { local: [...local], remote: [...remote] };
  const more = selectors({ ...sides, ...(traffic && { traffic: [...traffic] }) })
    .filter((pair) => !asked.has(keyOf(pair.from, pair.to, pair.traffic)))
    .map((pair) => {
      const only = pair.traffic ? ` (${pair.traffic.protocol})` : "";
      return `${pair.from} to ${pair.to}${only}`;
    });
  return more.length === 0 ? undefined : more.join(", ");
}

function keyOf(local: string, remote: string, traffic?: Traffic): string {
  const { protocol = "", localPort = "", remotePort = "" } = traffic ?? {};
  return [local, remote, protocol, localPort, remotePort].join(" ");
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}
