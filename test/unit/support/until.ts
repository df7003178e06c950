import { setTimeout as sleep } from "node:timers/promises";

/** Waits for a fact; the runner's timeout ends it. */
export async function until(fact: () => boolean): Promise<void> {
  while (!fact()) await sleep(20);
}
