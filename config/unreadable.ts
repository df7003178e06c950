import type { Draft, DraftTunnel } from "./draft";
import { nothingKnown, Unknown } from "./known";
import { resolveTunnel } from "./resolve";

/**
 * The draft with the keys at these paths unknown, as misshapen ones are. What is no address or network is in no
 * network and of no family: a rule that compared it would send the reader to places that are right.
 */
export function withUnknown(draft: Draft, paths: readonly string[]): Draft {
  if (paths.length === 0) return draft;
  const spoilt: Draft = { ...draft };
  for (const [part, value] of Object.entries(draft)) {
    const keys = keysBelow(part, paths);
    if (keys.length > 0) Reflect.set(spoilt, part, unknownKeys(value as object, part, keys));
  }
  return { ...spoilt, tunnels: draft.tunnels.map((entry) => tunnelWith(entry, spoilt, paths)) };
}

function tunnelWith(entry: DraftTunnel, { ike, network }: Draft, paths: readonly string[]) {
  const keys = keysBelow(entry.path, paths);
  const declared = unknownKeys(entry.declared, "tunnels", keys);
  const tunnel = resolveTunnel({
    declared,
    ike: ike ?? nothingKnown("ike"),
    network: network ?? nothingKnown("network"),
  });
  const unknown = new Set([...(entry.unknown ?? []), ...keys, ...tunnel.unknown]);
  return { ...entry, declared, tunnel: tunnel.value, unknown };
}

/** Of `tunnels[0].remote[1]` below `tunnels[0]`: `remote`. */
function keysBelow(part: string, paths: readonly string[]): string[] {
  return paths
    .filter((path) => path.startsWith(`${part}.`))
    .map((path) => path.slice(part.length + 1).replace(/[.[].*/, ""));
}

function unknownKeys<T extends object>(object: T, part: string, keys: readonly string[]): T {
  const copy = Object.defineProperties({} as T, Object.getOwnPropertyDescriptors(object));
  for (const key of keys) {
    const get = () => {
      throw new Unknown(part, key);
    };
    Object.defineProperty(copy, key, { get, enumerable: true, configurable: true });
  }
  return copy;
}
