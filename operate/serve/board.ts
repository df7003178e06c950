import type { GatewayStatus, TunnelStatus } from "../../contract/documents/status";
import {
  STALE_INTERVALS,
  type History,
  type PageState,
  type TunnelDetails,
  type TunnelLine,
} from "./pageState";
import type { Declaration } from "./source";
import { iso, secondsBetween, type Moment } from "./time";
import { TunnelRecord } from "./tunnelRecord";

interface Look {
  readonly status: GatewayStatus;
  /** When the asking began: the data is at least this old. */
  readonly from: Moment;
}

interface Failing {
  readonly message: string;
  readonly since: Moment;
}

/** What a graph in the list shows. */
const SPARKLINE_SAMPLES = 40;

export interface Counts {
  readonly collections: number;
  readonly errors: number;
  /** Of the last collection that answered. */
  readonly durationSeconds?: number;
}

/**
 * What is known about the gateway, and since when. Every question is asked with the present moment,
 * because the answer to "is it up" turns to "unknown" by itself when time passes.
 */
export class Board {
  private readonly records = new Map<string, TunnelRecord>();
  private look: Look | undefined;
  private failing: Failing | undefined;
  private tally: Counts = { collections: 0, errors: 0 };

  constructor(
    private readonly intervalSeconds: number,
    private readonly options: {
      readonly declaration: Declaration | undefined;
      readonly explains: boolean;
    },
  ) {
    for (const tunnel of options.declaration?.tunnels ?? []) {
      this.records.set(tunnel.name, new TunnelRecord(tunnel.name, tunnel));
    }
  }

  get counts(): Counts {
    return this.tally;
  }

  accept(status: GatewayStatus, from: Moment, to: Moment): void {
    const { collections, errors } = this.tally;
    this.tally = {
      collections: collections + 1,
      errors,
      durationSeconds: secondsBetween(from, to),
    };
    const elapsed = this.look === undefined ? undefined : secondsBetween(this.look.from, from);
    const rateOver = elapsed !== undefined && elapsed <= this.limit ? elapsed : undefined;
    // The latest answer is the whole truth: a tunnel that it does not name is gone.
    const told = named(status);
    for (const name of this.records.keys()) if (!told.has(name)) this.records.delete(name);
    for (const [name, tunnel] of told) {
      const record = this.records.get(name) ?? new TunnelRecord(name, undefined);
      this.records.set(name, record);
      record.look(tunnel, from.wall / 1000, rateOver);
    }
    this.look = { status, from };
    this.failing = undefined;
  }

  fail(message: string, at: Moment): void {
    const { collections, errors } = this.tally;
    this.tally = { ...this.tally, collections: collections + 1, errors: errors + 1 };
    this.failing = { message, since: this.failing?.since ?? at };
  }

  /** Seconds since the gateway was last asked and answered; undefined: it never did. */
  age(now: Moment): number | undefined {
    return this.look === undefined ? undefined : secondsBetween(this.look.from, now);
  }

  stale(now: Moment): boolean {
    const age = this.age(now);
    return age === undefined || age > this.limit;
  }

  /** The answer itself, while it still counts. */
  fresh(now: Moment): GatewayStatus | undefined {
    return this.stale(now) ? undefined : this.look?.status;
  }

  get gateway(): GatewayStatus["gateway"] | undefined {
    return this.look?.status.gateway ?? this.options.declaration?.gateway;
  }

  tunnels(): IterableIterator<TunnelRecord> {
    return this.records.values();
  }

  has(name: string): boolean {
    return this.records.has(name);
  }

  page(now: Moment): PageState {
    const age = this.age(now);
    const stale = this.stale(now);
    const gateway = this.gateway;
    return {
      intervalSeconds: this.intervalSeconds,
      ...(age !== undefined && { ageSeconds: age }),
      ...this.at(),
      stale,
      ...(this.failing && {
        failure: { message: this.failing.message, since: iso(this.failing.since) },
      }),
      ...(gateway && { gateway }),
      problems: this.fresh(now)?.problems ?? [],
      explains: this.options.explains,
      tunnels: [...this.tunnels()].map((record): TunnelLine => record.line(stale)),
    };
  }

  details(name: string, now: Moment): TunnelDetails | undefined {
    const record = this.records.get(name);
    if (record === undefined) return undefined;
    const stale = this.stale(now);
    const { bytesIn, bytesOut } = record.traffic.total;
    return {
      line: record.line(stale),
      ...(record.status && { status: record.status, carried: { bytesIn, bytesOut } }),
      stale,
      ...this.at(),
      stateChanges: record.stateChanges,
      history: record.history(),
    };
  }

  /** For the small graphs, by tunnel name. */
  histories(): Record<string, History> {
    return Object.fromEntries(
      [...this.records].map(([name, record]) => [name, record.history(SPARKLINE_SAMPLES)]),
    );
  }

  private get limit(): number {
    return this.intervalSeconds * STALE_INTERVALS;
  }

  private at(): { at?: string } {
    return this.look === undefined ? {} : { at: iso(this.look.from) };
  }
}

/** What is not declared has no name of its own, so two may have the same. */
function named({ tunnels }: GatewayStatus): Map<string, TunnelStatus> {
  const told = new Map<string, TunnelStatus>();
  for (const tunnel of tunnels) {
    const { name, peer } = tunnel;
    told.set(told.has(name) ? `${name} (${peer})` : name, tunnel);
  }
  return told;
}
