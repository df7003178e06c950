import { spawnSync } from "node:child_process";

/** `describe`, or a skipped one that says so when a program the tests need is not there. */
export function describeWith(program: string): jest.Describe {
  const found = spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;
  if (!found) console.warn(`SKIPPED: ${program} is not installed, so its checks did not run`);
  return found ? describe : describe.skip;
}

export interface Result {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function run(program: string, args: readonly string[], input = ""): Result {
  const { status, stdout, stderr, error } = spawnSync(program, args, { input, encoding: "utf8" });
  if (error) throw error;
  return { status, stdout, stderr };
}
