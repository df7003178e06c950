import type { TunnelStatus } from "../../contract/documents/status";

/** What a tunnel carried while it was watched, one look after the other. */
export interface Watched {
  readonly looks: number;
  /** Looks at which it was not proven. */
  readonly unproven: number;
  /** Of the probe's packets; undefined for a tunnel without a probe. */
  readonly lossPercent?: number | undefined;
}

const TOLERATED_POINTS = 5;
/** Of a probe. One of them may be lost by chance, however short the watch. */
const PACKETS_PER_LOOK = 3;

export function watched(looks: readonly TunnelStatus[]): Watched {
  const losses = looks.flatMap(({ probe }) => probe?.lossPercent ?? []);
  return {
    looks: looks.length,
    unproven: looks.filter(({ state }) => state !== "proven").length,
    lossPercent:
      losses.length === 0 ? undefined : losses.reduce((sum, loss) => sum + loss, 0) / losses.length,
  };
}

/** Why a tunnel is worse than it was before its change, or undefined if it is not. */
export function worse(before: Watched, after: Watched): string | undefined {
  if (after.looks === 0) return "was not looked at after the change";
  if (after.unproven > 0) {
    return `was not proven in ${after.unproven} of ${after.looks} looks after the change`;
  }
  const [was = 0, is = 0] = [before.lossPercent, after.lossPercent];
  const onePacket = 100 / (PACKETS_PER_LOOK * after.looks);
  return is > was + Math.max(TOLERATED_POINTS, onePacket)
    ? `loses ${percent(is)} of its probes, before the change it was ${percent(was)}`
    : undefined;
}

export const lossText = ({ lossPercent }: Watched): string =>
  lossPercent === undefined ? "no probe" : `${percent(lossPercent)} lost`;

const percent = (value: number): string => `${Math.round(value * 10) / 10} %`;
