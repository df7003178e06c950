import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { lab, type Result, ROOT } from "./lab";
import { processesWith } from "./processes";

export const promote = (...args: string[]): Promise<Result> =>
  lab("gateway", "promote", "--yes", "prod", ...args);

/** Ends this lab's command as a power loss would. */
export function kill(command: string): void {
  const found = processesWith(join(ROOT, "operate/cli.ts"), command);
  expect(found).not.toEqual([]);
  for (const pid of found) process.kill(pid, "SIGKILL");
}

/** Waits for a state, of which a command may say first that it will not come. */
export async function until(
  what: () => Promise<boolean>,
  command?: Promise<Result>,
): Promise<void> {
  const ended: { result?: Result } = {};
  void command?.then((result) => (ended.result = result));
  for (let tries = 0; tries < 6000; tries++) {
    if (await what()) return;
    if (ended.result) throw new Error(`it never came to that:\n${ended.result.output}`);
    await sleep(50);
  }
  throw new Error("it never came to that");
}
