import { pause, type Clock } from "./clock";
import type { Domain } from "../../hypervisor/transientDomain";
import type { ConsoleLine } from "../../hypervisor/console";

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
const UNKNOWN = "is it open in another program with --force?";
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
    const { domain, clock, onEnd } = this.options;
    let line: ConsoleLine | undefined = first;
    let why = "";
    for (let opened = 1; ; opened += 1) {
      why = (await line?.closed) ?? why;
      if (this.isClosing()) return;
      if (await this.stopped()) {
        onEnd(new GuestStopped(`${domain.name} stopped`));
        return;
      }
      if (opened > RECONNECTS) {
        onEnd(new ConsoleLost(`the console of ${domain.name} was lost: ${why || UNKNOWN}`));
        return;
      }
      // What the guest says meanwhile is lost, so wait only where trying at once has not helped.
      if (opened > 1 || why !== "") await pause(clock, RECONNECT_MILLISECONDS);
      [line, why] = await this.again(why);
      if (this.isClosing()) await line?.close();
    }
  }

  private isClosing(): boolean {
    return this.closing;
  }

  private async again(why: string): Promise<[ConsoleLine | undefined, string]> {
    try {
      this.line = await this.options.domain.openConsole(this.options.onBytes);
      return [this.line, why];
    } catch (error) {
      return [undefined, messageOf(error)];
    }
  }

  private async stopped(): Promise<boolean> {
    try {
      return (await this.options.domain.state()) === "shut off";
    } catch {
      // A hypervisor that does not answer says nothing about the guest; opening the console shows more.
      return false;
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
