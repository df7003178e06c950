import type { Io } from "../command";
import { LINE_AGAIN } from "../terminal";

const QUIET_MS = 2000;
const LOG_EVERY_MS = 10_000;

/** One line about how far something is: written over in a terminal, a new one now and then in a log. */
export class Progress {
  private last = Date.now() + QUIET_MS - LOG_EVERY_MS;
  private shown = false;

  constructor(
    private readonly what: string,
    private readonly io: Pick<Io, "err" | "terminal">,
  ) {}

  public update(percent: number): void {
    if (!this.io.terminal && Date.now() - this.last < LOG_EVERY_MS) return;
    this.last = Date.now();
    this.shown = true;
    const line = `${this.what}: ${Math.floor(percent)} %`;
    this.io.err(this.io.terminal ? LINE_AGAIN + line : `${line}\n`);
  }

  public end(): void {
    if (this.shown && this.io.terminal) this.io.err("\n");
  }
}
