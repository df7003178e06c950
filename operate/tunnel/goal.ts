import type { DeclaredTunnel } from "../stack/outputs";
import type { TunnelStatus } from "../status/model";

export const ACTIONS = ["up", "down", "restart", "kill"] as const;
export type Action = (typeof ACTIONS)[number];

/** The SPIs of a tunnel's associations, both directions, sorted. */
export function spisOf({ selectors }: TunnelStatus): string[] {
  const spis = selectors.flatMap(({ childSa }) => (childSa ? [childSa.spiIn, childSa.spiOut] : []));
  return [...new Set(spis)].sort();
}

/**
 * Whether the tunnel is what was asked for. `up` and `restart` want packets to have crossed, where a
 * probe is declared; `restart` and `kill` want the associations of before to be gone, and `down` all.
 */
export function reached(
  action: Action,
  { probe }: Pick<DeclaredTunnel, "probe">,
  before: TunnelStatus,
  now: TunnelStatus,
): boolean {
  const carries = now.state === "proven" || (now.state === "established" && probe === undefined);
  const left = spisOf(now).filter((spi) => spisOf(before).includes(spi));
  switch (action) {
    case "up":
      return carries;
    case "down":
      return now.state !== "unknown" && spisOf(now).length === 0;
    case "restart":
      return carries && left.length === 0;
    case "kill":
      return now.state !== "unknown" && left.length === 0;
  }
}

/** The tunnels beside the named ones whose associations are others than before. */
export function disturbed(
  names: readonly string[],
  before: readonly TunnelStatus[],
  now: readonly TunnelStatus[],
): string[] {
  return before
    .filter(({ name }) => !names.includes(name))
    .filter((tunnel) => {
      const later = now.find(({ name }) => name === tunnel.name);
      return later === undefined || spisOf(later).join() !== spisOf(tunnel).join();
    })
    .map(({ name }) => name);
}
