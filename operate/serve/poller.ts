import { types } from "node:util";
import type { Board } from "./board";
import type { Collector } from "./source";
import { iso, type Clock } from "./time";

/** A collection that does not answer is given up after so many intervals, at least 30 s. */
const GIVE_UP_INTERVALS = 2;
const GIVE_UP_SECONDS = 30;

/** Collections that were given up and still hold on to something; with more, none is started. */
const MOST_ABANDONED = 3;

export interface PollerOptions {
  readonly board: Board;
  readonly collect: Collector;
  readonly clock: Clock;
  readonly intervalSeconds: number;
  /** For what an operator should read once, not every interval. */
  readonly log: (line: string) => void;
  /** After every try. */
  readonly changed: () => void;
  readonly signal: AbortSignal;
}

/** Asks the gateway again and again, until the signal; one at a time, whatever it does. */
export async function poll(options: PollerOptions): Promise<void> {
  const { board, clock, intervalSeconds, log, changed, signal } = options;
  let reported: string | undefined;
  let abandoned = 0;
  const stopped = (): boolean => signal.aborted;
  while (!stopped()) {
    const from = clock.now();
    try {
      if (abandoned >= MOST_ABANDONED) {
        throw new Error(`${abandoned} collections hang: restart this server if that does not end`);
      }
      const status = await within(
        options,
        () => abandoned++,
        () => abandoned--,
      );
      board.accept(status, from, clock.now());
      if (reported !== undefined) log("collection works again");
      reported = undefined;
    } catch (error) {
      if (stopped()) break;
      const message = types.isNativeError(error) ? error.message : String(error);
      board.fail(message, from);
      if (reported !== message) log(`collection fails since ${iso(from)}: ${message}`);
      reported = message;
    }
    changed();
    const spent = clock.now().steady - from.steady;
    await clock.sleep(Math.max(0, intervalSeconds * 1000 - spent), signal);
  }
}

/** One collection, or its failure when it takes too long. */
async function within(
  { collect, clock, intervalSeconds, signal }: PollerOptions,
  abandon: () => void,
  settled: () => void,
): ReturnType<Collector> {
  const seconds = Math.max(GIVE_UP_SECONDS, GIVE_UP_INTERVALS * intervalSeconds);
  const giveUp = new AbortController();
  const timer = new AbortController();
  const work = collect(AbortSignal.any([signal, giveUp.signal]));
  try {
    const late = clock.sleep(seconds * 1000, AbortSignal.any([signal, timer.signal])).then(() => {
      if (timer.signal.aborted) return new Promise<never>(() => undefined);
      throw new Error(signal.aborted ? "stopped" : `no answer within ${seconds} s`);
    });
    return await Promise.race([work, late]);
  } catch (error) {
    if (!signal.aborted) {
      abandon();
      void work.then(settled, settled);
    }
    throw error;
  } finally {
    giveUp.abort();
    timer.abort();
  }
}
