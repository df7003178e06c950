import type { TunnelState, TunnelStatus } from "../../contract/documents/status";
import { STATES, type History, type TunnelLine } from "./pageState";
import { Ring, type Sample } from "./ring";
import type { DeclaredTunnel } from "./source";
import { Traffic, type Volume } from "./traffic";

/** An hour of looks at the default interval. */
export const HISTORY_SAMPLES = 240;

/** What this server remembers of one tunnel. */
export class TunnelRecord {
  readonly traffic = new Traffic();
  private readonly ring = new Ring(HISTORY_SAMPLES);
  private latest: TunnelStatus | undefined;
  private rates: { readonly in: number; readonly out: number } | undefined;
  private proof: string | undefined;
  private changes = 0;
  private lastCertain: TunnelState | undefined;

  constructor(
    readonly name: string,
    private readonly declared: DeclaredTunnel | undefined,
  ) {}

  get status(): TunnelStatus | undefined {
    return this.latest;
  }

  /** ISO 8601: the last time packets were seen to cross both ways. */
  get lastProof(): string | undefined {
    return this.proof;
  }

  /** How often the state became another one; not knowing in between does not count. */
  get stateChanges(): number {
    return this.changes;
  }

  /**
   * @param at seconds since 1970
   * @param elapsed seconds since the last look; undefined: too long ago for a rate
   */
  look(status: TunnelStatus, at: number, elapsed: number | undefined): void {
    const carried = this.traffic.look(status);
    this.rates = rates(carried, elapsed);
    if (status.state === "proven") this.proof = new Date(at * 1000).toISOString();
    if (status.state !== "unknown") {
      if (this.lastCertain !== undefined && this.lastCertain !== status.state) this.changes++;
      this.lastCertain = status.state;
    }
    this.latest = status;
    this.ring.push({
      at,
      inRate: this.rates?.in ?? NaN,
      outRate: this.rates?.out ?? NaN,
      state: STATES.indexOf(status.state),
    });
  }

  /** @param stale the last answer is too old, so that nothing measured is shown */
  line(stale: boolean): TunnelLine {
    const { latest, declared } = this;
    const probe = stale ? undefined : latest?.probe;
    return {
      name: this.name,
      peer: latest?.peer ?? declared?.peer ?? "",
      daemon: latest?.daemon ?? declared?.daemon ?? "iked",
      state: stale ? "unknown" : (latest?.state ?? "unknown"),
      networks: (latest && networksOf(latest)) ?? declared?.networks ?? [],
      byHand: latest?.byHand === "down",
      differences: stale ? 0 : (latest?.differs.length ?? 0),
      ...(this.proof !== undefined && { lastProof: this.proof }),
      ...(probe?.rttMs !== undefined && { rttMs: probe.rttMs }),
      ...(probe?.lossPercent !== undefined && { lossPercent: probe.lossPercent }),
      ...(!stale && this.rates && { inRate: this.rates.in, outRate: this.rates.out }),
    };
  }

  history(count = HISTORY_SAMPLES): History {
    const samples = this.ring.last(count);
    return {
      at: samples.map(({ at }) => Math.round(at)),
      in: samples.map(({ inRate }) => known(inRate)),
      out: samples.map(({ outRate }) => known(outRate)),
      state: samples.map(({ state }: Sample) => state),
    };
  }
}

function rates(
  carried: Volume | undefined,
  elapsed: number | undefined,
): { in: number; out: number } | undefined {
  if (carried === undefined || elapsed === undefined || elapsed <= 0) return undefined;
  return { in: carried.bytesIn / elapsed, out: carried.bytesOut / elapsed };
}

function known(rate: number): number | null {
  return Number.isNaN(rate) ? null : Math.round(rate);
}

/** Each pair of networks once, however many kinds of traffic it carries. */
function networksOf({ selectors }: TunnelStatus): TunnelLine["networks"] {
  const pairs = selectors.map(({ local, remote }): [string, TunnelLine["networks"][number]] => [
    `${local} ${remote}`,
    { local, remote },
  ]);
  return [...new Map(pairs).values()];
}
