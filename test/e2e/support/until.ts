import { askUntil } from "../../../operate/askUntil";
import type { Result } from "./lab";

const FIVE_MINUTES = 300_000;

/**
 * Waits for a state.
 *
 * @param command which may end before that: the wait ends with it, and with what it printed
 */
export async function until(
  what: () => Promise<boolean>,
  command?: Promise<Result>,
): Promise<void> {
  const ended: { result?: Result } = {};
  void command?.then((result) => (ended.result = result));
  const answer = await askUntil(
    async () => ({ reached: await what(), result: ended.result }),
    ({ reached, result }) => reached || result !== undefined,
    { milliseconds: FIVE_MINUTES, every: 50 },
  );
  if (answer.reached) return;
  throw new Error(`the state was not reached:\n${answer.result?.output ?? "the time is over"}`);
}
