import type { GatewayStatus, TunnelStatus } from "../../contract/documents/status";

/** Bytes per second through a tunnel. */
export interface Rates {
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** By tunnel: what crossed between two looks. New SAs count from zero. */
export function ratesSince(earlier: GatewayStatus, later: GatewayStatus): Map<string, Rates> {
  const seconds = Math.max(1, (Date.parse(later.at) - Date.parse(earlier.at)) / 1000);
  const before = counted(earlier.tunnels);
  const rates = later.tunnels.map(({ name, selectors }): [string, Rates] => {
    const grown = (direction: "In" | "Out") =>
      [...sasOf(selectors).values()].reduce((sum, sa) => {
        const now = sa[`bytes${direction}`] ?? 0;
        return sum + Math.max(0, now - (before.get(sa[`spi${direction}`]) ?? 0));
      }, 0) / seconds;
    return [name, { bytesIn: grown("In"), bytesOut: grown("Out") }];
  });
  return new Map(rates);
}

function counted(tunnels: readonly TunnelStatus[]): Map<string, number> {
  return new Map(
    tunnels.flatMap(({ selectors }) =>
      [...sasOf(selectors).values()].flatMap((sa): [string, number][] => [
        [sa.spiIn, sa.bytesIn ?? 0],
        [sa.spiOut, sa.bytesOut ?? 0],
      ]),
    ),
  );
}

function sasOf(selectors: TunnelStatus["selectors"]) {
  return new Map(selectors.flatMap(({ childSa }) => (childSa ? [[childSa.spiOut, childSa]] : [])));
}
