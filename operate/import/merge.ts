import { isDeepStrictEqual } from "node:util";
import { mappedTo } from "../../config/nat";
import { products } from "../../config/pairs";
import type { Traffic } from "../../config/schema";
import type { Candidate, ImportedPair } from "./candidate";
import type { Notes } from "./note";

/**
 * What the stack calls the pairs of a tunnel: two lists that all reach each other, pair by pair, or what is routed
 * into an interface.
 */
export type Networks =
  | {
      readonly local: readonly string[];
      readonly remote: readonly string[];
      readonly traffic?: readonly Traffic[];
    }
  | { readonly pairs: readonly NetworkPair[] }
  | { readonly kind: "route"; readonly remote: readonly string[] };

interface NetworkPair {
  readonly local: string;
  readonly remote: string;
  readonly traffic?: readonly Traffic[];
}

/**
 * Rules for one peer that differ in their networks only, as ipsec.conf(5) needs them, are one tunnel. Each is
 * compared with those of the same ends only: there may be thousands.
 */
export function merged(candidates: readonly Candidate[]): Candidate[] {
  const found: Candidate[] = [];
  const places = new Map<string, number[]>();
  for (const candidate of candidates) {
    const { peer, localId, remoteId } = candidate;
    const ends = JSON.stringify([peer, localId, remoteId]);
    const near = places.get(ends) ?? [];
    const index = near.find((at) => mayJoin(found[at], candidate));
    const other = index === undefined ? undefined : found[index];
    if (index === undefined || other === undefined) {
      places.set(ends, [...near, found.length]);
      found.push(candidate);
    } else {
      found[index] = together(other, candidate);
    }
  }
  return found;
}

function mayJoin(one: Candidate | undefined, other: Candidate): boolean {
  return one !== undefined && sameButPairs(one, other) && shownAlike(one, other);
}

function sameButPairs(one: Candidate, other: Candidate): boolean {
  const rest = ({ nat, ...candidate }: Candidate) => ({
    ...candidate,
    ...{ nat: nat?.address, pairs: [], file: "", line: 0 },
  });
  return isDeepStrictEqual(rest(one), rest(other));
}

/** Whether no network is one thing to the peer in one rule, and another in the other. */
function shownAlike(one: Candidate, other: Candidate): boolean {
  const locals = new Set(one.pairs.map(({ local }) => local));
  return other.pairs
    .filter(({ local }) => locals.has(local))
    .every(({ local }) => mappedTo(one.nat, local) === mappedTo(other.nat, local));
}

function together(one: Candidate, other: Candidate): Candidate {
  const known = one.nat?.networks ?? [];
  const more = (other.nat?.networks ?? []).filter(
    ({ local }) => mappedTo(one.nat, local) === undefined,
  );
  const networks = [...known, ...more];
  return {
    ...one,
    pairs: [...one.pairs, ...other.pairs],
    ...(networks.length > 0 && { nat: { networks } }),
  };
}

/** The pairs as the stack declares them: exactly those of the file, in the shorter of the two forms. */
export function networksOf(candidate: Candidate, notes: Notes): Networks {
  if (candidate.route) return { kind: "route", remote: candidate.route.remote };
  const pairs = gathered(candidate, notes);
  const [first] = pairs;
  const same = pairs.every(({ traffic }) => isDeepStrictEqual(traffic, first?.traffic));
  const [only, ...others] = products({ pairs });
  if (only === undefined || others.length > 0 || !same) return { pairs };
  return { ...only, ...(first?.traffic && { traffic: first.traffic }) };
}

/** Each two networks once, with all that they carry. */
function gathered(candidate: Candidate, notes: Notes): NetworkPair[] {
  const found = new Map<string, ImportedPair[]>();
  for (const pair of candidate.pairs) {
    const key = `${pair.local} ${pair.remote}`;
    found.set(key, [...(found.get(key) ?? []), pair]);
  }
  return [...found.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const { local, remote } = first;
    const kinds = distinct(same.flatMap(({ traffic }) => traffic ?? []));
    if (same.every(({ traffic }) => traffic !== undefined))
      return [{ local, remote, traffic: kinds }];
    if (kinds.length > 0) {
      notes.leftOut(
        candidate,
        `rules for single protocols beside one for all of them, from ${local} to ${remote}`,
        "nothing: the one for all of them carries these packets too",
      );
    }
    return [{ local, remote }];
  });
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}
