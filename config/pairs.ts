import { family } from "./net";
import type { Pair, Traffic } from "./schema";

/** Two networks that reach each other, and what alone is carried between them; absent: everything. */
interface NetworkPair {
  readonly local: string;
  readonly remote: string;
  readonly traffic?: readonly Readonly<Traffic>[] | undefined;
}

/** A tunnel by what it carries. */
export interface Paired {
  readonly pairs: readonly NetworkPair[];
}

interface Written {
  readonly local?: readonly string[] | undefined;
  readonly remote?: readonly string[] | undefined;
  readonly traffic?: Pair["traffic"];
  readonly pairs?: readonly Pair[] | undefined;
}

/**
 * The pairs of networks that a declaration means, the one source of all that follows from its networks: its
 * `pairs`, or every local network with every remote one of its family. A pair without kinds of traffic of its
 * own has those of the whole tunnel.
 */
export function declaredPairs({ pairs, local = [], remote = [], traffic }: Written): Pair[] {
  const all = pairs ?? local.flatMap((one) => remote.filter(sameFamily(one)).map(pairWith(one)));
  return all.map((pair) => ({ ...(traffic && { traffic }), ...pair }));
}

const sameFamily = (one: string) => (other: string) => family(one) === family(other);
const pairWith = (local: string) => (remote: string) => ({ local, remote });

/** Our networks, each once, in the order declared. */
export function localNetworks({ pairs }: Paired): string[] {
  return [...new Set(pairs.map(({ local }) => local))];
}

/** The peer's networks, each once, in the order declared. */
export function remoteNetworks({ pairs }: Paired): string[] {
  return [...new Set(pairs.map(({ remote }) => remote))];
}

/** Every two networks once, whatever they carry. */
export function networkPairs({ pairs }: Paired): Pick<Pair, "local" | "remote">[] {
  const found = pairs.map(({ local, remote }): [string, Pick<Pair, "local" | "remote">] => [
    `${local} ${remote}`,
    { local, remote },
  ]);
  return [...new Map(found).values()];
}

/** Networks of the two sides that all reach each other. */
export interface Product {
  readonly local: readonly string[];
  readonly remote: readonly string[];
}

/** The pairs as few products: local networks that reach the same remote ones stand together. */
export function products(tunnel: Paired): Product[] {
  const byRemotes = new Map<string, { local: string[]; remote: string[] }>();
  const pairs = networkPairs(tunnel);
  for (const local of localNetworks(tunnel)) {
    const remote = pairs.filter((pair) => pair.local === local).map((pair) => pair.remote);
    const key = [...remote].sort().join(" ");
    const known = byRemotes.get(key);
    if (known === undefined) byRemotes.set(key, { local: [local], remote });
    else known.local.push(local);
  }
  return [...byRemotes.values()];
}

/** `10.10.0.0/24 here and 10.20.1.0/24 there`, or pair by pair where not all reach each other. */
export function networksText(tunnel: Paired): string {
  return products(tunnel)
    .map(({ local, remote }) => `${local.join(", ")} here and ${remote.join(", ")} there`)
    .join("; ");
}
