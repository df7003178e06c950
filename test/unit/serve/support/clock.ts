import type { Clock, Moment } from "../../../../operate/serve/time";

/** Time that moves only when the test says so, on both clocks or on one. */
export class TestClock implements Clock {
  private wall = Date.UTC(2026, 10, 23, 12);
  private steady = 0;
  private sleepers: { until: number; wake: () => void }[] = [];

  now = (): Moment => ({ wall: this.wall, steady: this.steady });

  sleep = (milliseconds: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const sleeper = { until: this.steady + milliseconds, wake: resolve };
      const abort = (): void => {
        this.sleepers = this.sleepers.filter((other) => other !== sleeper);
        resolve();
      };
      sleeper.wake = () => {
        signal.removeEventListener("abort", abort);
        resolve();
      };
      if (signal.aborted) resolve();
      else this.sleepers.push(sleeper);
      signal.addEventListener("abort", abort, { once: true });
    });

  /** Wakes who is due, in order, and lets them do what they do. */
  async advance(seconds: number): Promise<void> {
    const end = this.steady + seconds * 1000;
    for (;;) {
      await settle();
      const due = this.sleepers
        .filter(({ until }) => until <= end)
        .sort((a, b) => a.until - b.until);
      const [next] = due;
      if (next === undefined) break;
      this.sleepers = this.sleepers.filter((sleeper) => sleeper !== next);
      this.set(next.until);
      next.wake();
    }
    this.set(end);
    await settle();
  }

  /** As when the administrator corrects the time. */
  setBack(seconds: number): void {
    this.wall -= seconds * 1000;
  }

  private set(steady: number): void {
    this.wall += Math.max(0, steady - this.steady);
    this.steady = Math.max(steady, this.steady);
  }
}

/** Lets everything run that waits for nothing but its turn. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}
