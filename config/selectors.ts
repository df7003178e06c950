import { family, type Family } from "./net";
import type { Tunnel } from "./schema";

/** One direction pair of a tunnel: what the flow `from` → `to` protects. */
export interface Selector {
  readonly from: string;
  readonly to: string;
}

/** Every local network with every remote network of its family, in the order declared. */
export function selectors(tunnel: Pick<Tunnel, "local" | "remote">): Selector[] {
  return tunnel.local.flatMap((from) =>
    tunnel.remote.filter((to) => family(to) === family(from)).map((to) => ({ from, to })),
  );
}

/** The address families the tunnel's networks are of. */
export function familiesOf(tunnel: Pick<Tunnel, "local" | "remote">): Set<Family> {
  const families = [...tunnel.local, ...tunnel.remote].map(family);
  return new Set(families.filter((one) => one !== undefined));
}
