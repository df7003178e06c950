import type { Sec, Tunnel } from "./schema";

/** RTP_STATIC of <net/route.h>, that of a route without a priority of its own; the lowest one carries. */
export const STATIC_PRIORITY = 8;

/** The interface that a tunnel's networks are routed into, with what both drivers have. */
export interface TunnelInterface extends Readonly<Sec> {
  readonly driver: "sec" | "gre";
  /** Such as `sec0`. */
  readonly name: string;
}

/** The keys of a tunnel that declare an interface; at most one is there. */
export interface Interfaces {
  readonly sec?: Readonly<Sec> | undefined;
  readonly gre?: Readonly<Sec> | undefined;
}

/** Undefined: the kernel's flows take the tunnel's packets, by their networks (kind `policy`). */
export function tunnelInterface({ sec, gre }: Interfaces): TunnelInterface | undefined {
  if (sec) return named("sec", sec);
  return gre && named("gre", gre);
}

function named(driver: TunnelInterface["driver"], keys: Readonly<Sec>): TunnelInterface {
  const { unit, address, peerAddress, mtu } = keys;
  return { driver, name: `${driver}${unit}`, unit, address, peerAddress, mtu };
}

/** Whether routes lead into it: nothing of its networks is negotiated then, and pf says what may enter. */
export function isRouted({ kind }: { readonly kind?: Tunnel["kind"] | undefined }): boolean {
  return kind === "route" || kind === "gre";
}
