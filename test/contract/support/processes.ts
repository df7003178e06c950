// Waiting for processes that a test has started.
import { existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** True once the process has ended, reaped or not; false if it has not after some seconds. */
export async function gone(pid: number): Promise<boolean> {
  for (let count = 0; count < 150; count++) {
    if (!alive(pid)) return true;
    await sleep(20);
  }
  return false;
}

/** proc(5): the state follows the name, which stands in parentheses. */
function alive(pid: number): boolean {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return false;
  try {
    return readFileSync(file, "utf8").split(") ").at(-1)?.startsWith("Z") !== true;
  } catch {
    return false;
  }
}
