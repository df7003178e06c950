import { join } from "node:path";
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
