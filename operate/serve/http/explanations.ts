import { types } from "node:util";
import type { Explainer, Explanation } from "../source";

const MOST_AT_ONCE = 2;
const SECONDS = 60;

/** Each explanation costs a connection to the gateway, so the same question is asked once. */
export class Explanations {
  private readonly running = new Map<string, Promise<Explanation>>();

  constructor(
    private readonly explain: Explainer,
    private readonly stop: AbortSignal,
  ) {}

  /** @throws Error with a sentence for the page: busy, too slow, or what the explainer says. */
  ask(tunnel: string): Promise<Explanation> {
    const asked = this.running.get(tunnel);
    if (asked !== undefined) return asked;
    if (this.running.size >= MOST_AT_ONCE) {
      return Promise.reject(
        new Error("Other explanations are being looked for: ask again in a moment."),
      );
    }
    const signal = AbortSignal.any([this.stop, AbortSignal.timeout(SECONDS * 1000)]);
    const answer = Promise.race([this.explain(tunnel, signal), aborted(signal)]).finally(() => {
      this.running.delete(tunnel);
    });
    this.running.set(tunnel, answer);
    return answer;
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = (): void => {
      reject(new Error(`No answer within ${SECONDS} s.`));
    };
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}

export function sentence(error: unknown): string {
  return types.isNativeError(error) ? error.message : String(error);
}
