import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { join } from "node:path";
import { ROOT } from "./lab";

/** The Pulumi processes of this lab: what a power loss of the operator's machine would end. */
export function pulumiProcesses(): number[] {
  return processesWith("pulumi", join(ROOT, ".lab/project"));
}

/** The processes that have all of these words in their command line. */
export function processesWith(...wanted: string[]): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
        return wanted.every((word) => words.includes(word));
      } catch {
        return false;
      }
    })
    .map(Number);
}

/** Waits until a file that somebody else writes holds the text; a busy machine may take long. */
export async function logged(file: string, text: string): Promise<void> {
  for (let tries = 0; tries < 12_000; tries++) {
    try {
      if (readFileSync(file, "latin1").includes(text)) {
        return;
      }
    } catch {
      // Not written yet.
    }
    await sleep(50);
  }
  throw new Error(`"${text}" never came up in ${file}`);
}
