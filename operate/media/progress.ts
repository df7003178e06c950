import type { Io } from "../command";
import { LINE_AGAIN } from "../terminal";

/** Work that is over by then says nothing. */
const QUIET_MS = 2000;
const TERMINAL_EVERY_MS = 250;
const LOG_EVERY_MS = 10_000;

/** 1.5 MiB, as people compare file sizes. */
export function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}

/**
 * One line about how far something is: written over in a terminal, a new one now and then in a log.
 */
export class Progress {
  private readonly started: number;
  private last: number;
  private shown = false;

  constructor(
    private readonly what: string,
    private readonly io: Pick<Io, "err" | "terminal">,
    private readonly now: () => number = Date.now,
  ) {
    this.started = now();
    this.last = this.started + QUIET_MS - this.every();
  }

  /** `total` in bytes, or undefined while it is not known. */
  public update(done: number, total: number | undefined): void {
    const now = this.now();
    if (now - this.last < this.every()) return;
    this.last = now;
    this.shown = true;
    const share = total === undefined ? "" : ` of ${mebibytes(total)} (${percent(done, total)} %)`;
    const line = `${this.what}: ${mebibytes(done)}${share}`;
    this.io.err(this.io.terminal ? LINE_AGAIN + line : `${line}\n`);
  }

  /** Ends the line, so that what follows starts on its own. */
  public end(): void {
    if (this.shown && this.io.terminal) this.io.err("\n");
    this.shown = false;
  }

  private every(): number {
    return this.io.terminal ? TERMINAL_EVERY_MS : LOG_EVERY_MS;
  }
}

function percent(done: number, total: number): number {
  return total === 0 ? 100 : Math.floor((100 * done) / total);
}
