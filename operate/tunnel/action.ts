import type { DeclaredTunnel } from "../../contract/tunnel";
import type { TunnelStatus } from "../../contract/documents/status";

/** What is done to a tunnel that is named. */
export type Action = "up" | "down" | "restart" | "kill";

/** The SPIs of a tunnel's SAs, both directions, sorted. */
export function spisOf({ selectors }: TunnelStatus): string[] {
  const spis = selectors.flatMap(({ childSa }) => (childSa ? [childSa.spiIn, childSa.spiOut] : []));
  return [...new Set(spis)].sort();
}

/**
 * Whether the tunnel is what was asked for. `up` and `restart` want packets to have crossed, where a
 * probe is declared; `restart` and `kill` want the SAs of before to be gone, and `down` all.
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

/** The tunnels beside the named ones whose SAs are others than before. */
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
