import { pause, type Clock } from "./clock";
import type { Domain } from "./domain";
import { ConsoleRefused, type ConsoleLine } from "./virshConsole";

/** The guest is off: nothing more will come from its console. */
export class GuestStopped extends Error {}

/** The guest runs, but its console cannot be kept. */
export class ConsoleLost extends Error {}

export interface AttachmentOptions {
  readonly domain: Domain;
  readonly clock: Clock;
  readonly onBytes: (bytes: string) => void;
  /** Called once, when there will be no more bytes. */
  readonly onEnd: (reason: Error) => void;
}

const RECONNECTS = 5;
const RECONNECT_MILLISECONDS = 1000;

/**
 * A console that stays attached: while the guest runs, a lost connection is opened again, up to
 * five times. What the guest sent in between is lost.
 */
export class Attachment {
  private line: ConsoleLine | undefined;
  private closing = false;
  private finished: Promise<void> = Promise.resolve();

  constructor(private readonly options: AttachmentOptions) {}

  /** @throws ConsoleRefused */
  async open(): Promise<void> {
    const { domain, onBytes } = this.options;
    this.line = await domain.openConsole(onBytes);
    this.finished = this.keep(this.line);
  }

  write(text: string): void {
    this.line?.write(text);
  }

  /** Detaches; nothing is left running behind. `onEnd` is not called any more. */
  async close(): Promise<void> {
    this.closing = true;
    await this.line?.close();
    await this.finished;
  }

  private async keep(first: ConsoleLine): Promise<void> {
    let line = first;
    for (let opened = 0; ; opened += 1) {
      await line.closed;
      const next = this.closing ? undefined : await this.again(opened);
      if (!next) return;
      line = this.line = next;
      if (this.closing) await line.close();
    }
  }

  private async again(opened: number): Promise<ConsoleLine | undefined> {
    const { domain, clock, onBytes, onEnd } = this.options;
    let reason: Error = new ConsoleLost(
      `the console of ${domain.name} was lost ${opened + 1} times: does somebody else open it with --force?`,
    );
    for (let attempt = opened; attempt < RECONNECTS && !this.closing; attempt += 1) {
      try {
        const state = await domain.state();
        if (state === "shut off") {
          reason = new GuestStopped(`${domain.name} stopped`);
          break;
        }
        return await domain.openConsole(onBytes);
      } catch (error) {
        reason = error instanceof ConsoleRefused ? error : new ConsoleLost(messageOf(error));
      }
      await pause(clock, RECONNECT_MILLISECONDS);
    }
    if (!this.closing) onEnd(reason);
    return undefined;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
