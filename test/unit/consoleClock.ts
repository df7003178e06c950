import type { Clock } from "../../operate/console/clock";

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** Time that passes only when nothing else is left to do. */
export class FakeClock implements Clock {
  private time = Date.UTC(2026, 0, 1);
  private readonly timers = new Set<Timer>();

  now(): number {
    return this.time;
  }

  after(milliseconds: number, callback: () => void): () => void {
    const timer = { at: this.time + milliseconds, callback };
    this.timers.add(timer);
    return () => {
      this.timers.delete(timer);
    };
  }

  /** Lets the time pass until the promise is settled; gives its end. */
  async run<Result>(promise: Promise<Result>): Promise<Result> {
    const state = { settled: false };
    const note = (): void => {
      state.settled = true;
    };
    promise.then(note, note);
    for (;;) {
      await new Promise(setImmediate);
      if (state.settled) return promise;
      const next = [...this.timers].sort((a, b) => a.at - b.at)[0];
      if (!next) throw new Error("nothing is due and nobody is done");
      this.timers.delete(next);
      this.time = Math.max(this.time, next.at);
      next.callback();
    }
  }
}
