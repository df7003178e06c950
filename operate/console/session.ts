import { Attachment } from "./attachment";
import type { Clock } from "./clock";
import type { Domain } from "../../hypervisor/transientDomain";
import { Expect, type FatalText } from "./expect";
import type { Progress } from "./progress";
import type { Transcript } from "./transcript";

/** Given up on request, by Ctrl-C or SIGTERM. */
export class Interrupted extends Error {}

export interface SessionOptions {
  readonly domain: Domain;
  readonly clock: Clock;
  readonly transcript: Transcript;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/**
 * Attaches to the console, lets the guest run if it is paused, and detaches when `work` is done,
 * whatever its end. Everything the guest says goes to the transcript first.
 */
export async function withConsole<Result>(
  options: SessionOptions,
  fatal: readonly FatalText[],
  work: (console: Expect) => Promise<Result>,
): Promise<Result> {
  const { domain, clock, transcript, progress, signal } = options;
  const console = new Expect({
    clock,
    fatal,
    write: (text) => {
      attachment.write(text);
    },
  });
  const attachment = new Attachment({
    domain,
    clock,
    onBytes: (bytes) => {
      try {
        transcript.write(bytes);
      } catch (error) {
        console.end(new Error(`transcript ${transcript.file}: ${String(error)}`));
      }
      console.feed(bytes);
      progress.heard(() => console.lastLine());
    },
    onEnd: (reason) => {
      console.end(reason);
    },
  });
  const interrupt = (): void => {
    console.end(new Interrupted("interrupted"));
  };
  await attachment.open();
  try {
    signal.addEventListener("abort", interrupt, { once: true });
    if (signal.aborted) interrupt();
    else if ((await domain.state()) === "paused") await domain.resume();
    return await work(console);
  } finally {
    signal.removeEventListener("abort", interrupt);
    await attachment.close();
  }
}
