// Dialing again: 100 ms after the first error, then 1.5 times as long each time, up to 5 s.
import { setTimeout as sleep } from "node:timers/promises";
import type { Context } from "../core/resourceType";

const firstDelay = 100;
const factor = 1.5;
const longestDelay = 5000;

/**
 * Calls `attempt` until it succeeds.
 *
 * @param what for the messages, e.g. "Dial"
 * @param limit number of attempts; -1 for no limit
 * @throws the last attempt's error with the number of attempts, or at once when the context is cancelled
 */
export async function withRetry<T>(
  what: string,
  limit: number,
  context: Context,
  attempt: () => Promise<T>,
): Promise<T> {
  let delay = firstDelay;
  for (let count = 1; ; count++) {
    context.signal.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      context.signal.throwIfAborted();
      if (limit >= 0 && count >= limit) {
        throw new Error(`after ${count} failed attempts: ${(error as Error).message}`, {
          cause: error,
        });
      }
      context.log(`${what} ${count}/${limit < 0 ? "inf" : limit} failed: retrying`);
      await sleep(delay, undefined, { signal: context.signal });
      delay = Math.min(delay * factor, longestDelay);
    }
  }
}
