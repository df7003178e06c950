import { setTimeout as sleep } from "node:timers/promises";

export interface Patience {
  readonly milliseconds: number;
  /** Pause between two questions, milliseconds. */
  readonly every: number;
  readonly signal?: AbortSignal;
}

/**
 * Asks until the answer is a wanted one or the time is over, and at least once.
 *
 * @returns the last answer
 */
export async function askUntil<Answer>(
  ask: () => Promise<Answer>,
  isWanted: (answer: Answer) => boolean,
  { milliseconds, every, signal }: Patience,
): Promise<Answer> {
  const deadline = Date.now() + milliseconds;
  for (;;) {
    const answer = await ask();
    if (isWanted(answer) || Date.now() >= deadline) return answer;
    await sleep(every, undefined, signal && { signal });
  }
}
