import { spawnSync } from "node:child_process";

/** `describe`, or a skipped one that says so when programs the tests need are not there. */
export function describeWith(...programs: string[]): jest.Describe {
  const missing = programs.filter(
    (program) => spawnSync("sh", ["-c", `command -v ${program}`]).status !== 0,
  );
  if (missing.length === 0) return describe;
  console.warn(`SKIPPED: ${missing.join(", ")} not installed, so these checks did not run`);
  return describe.skip;
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
