import { setTimeout as sleep } from "node:timers/promises";

/** One moment on two clocks, in milliseconds. */
export interface Moment {
  /** Since 1970; may jump when the clock is set. */
  readonly wall: number;
  /** Since some start; never jumps, but may stand still while the machine sleeps. */
  readonly steady: number;
}

export interface Clock {
  readonly now: () => Moment;
  /** Resolves after the time, or at once when the signal is aborted. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

export const systemClock: Clock = {
  now: () => ({ wall: Date.now(), steady: performance.now() }),
  sleep: (milliseconds, signal) =>
    sleep(milliseconds, undefined, { signal }).catch(() => undefined),
};

/**
 * Seconds from one moment to a later one. Each clock alone can make old data look young: one is set
 * back, the other stops in suspend. So the larger difference counts.
 */
export function secondsBetween(from: Moment, to: Moment): number {
  return Math.max(0, to.wall - from.wall, to.steady - from.steady) / 1000;
}

export function iso(moment: Moment): string {
  return new Date(moment.wall).toISOString();
}
