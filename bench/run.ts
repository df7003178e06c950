import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./stackValues";

export interface Timed {
  readonly seconds: number;
  readonly stdout: string;
  /** Largest resident set of the language runtime that was seen, MiB. */
  readonly runtimeMiB: number;
}

/**
 * A command by the shell, on the lab's workstation, timed.
 * @throws Error with its output when it fails
 */
export function inLab(command: string): Promise<Timed> {
  return timed(join(ROOT, "scripts/lab"), ["shell", "-c", command]);
}

export async function timed(program: string, args: readonly string[]): Promise<Timed> {
  const began = performance.now();
  const child = spawn(program, args, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  let peak = 0;
  child.stdout.on("data", (data: Buffer) => (stdout += data.toString()));
  child.stderr.on("data", (data: Buffer) => (stderr += data.toString()));
  const sampler = setInterval(() => (peak = Math.max(peak, runtimeKiB())), 100);
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  }).finally(() => {
    clearInterval(sampler);
  });
  const seconds = (performance.now() - began) / 1000;
  if (status !== 0) {
    throw new Error(`${args.join(" ")} ended with ${status ?? "a signal"}\n${stdout}${stderr}`);
  }
  return { seconds, stdout, runtimeMiB: peak / 1024 };
}

/** Of the process that runs this clone's Pulumi program: other clones' labs may be at work. */
function runtimeKiB(): number {
  return Math.max(
    0,
    ...readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map((pid) => {
        try {
          const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
          if (
            !command.replace(/^[^\0]*\//, "").startsWith("node\u0000") ||
            !command.includes(`${ROOT}/node_modules/@pulumi/pulumi/cmd/run`)
          ) {
            return 0;
          }
          const status = readFileSync(`/proc/${pid}/status`, "utf8");
          return Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0);
        } catch {
          return 0; // It ended meanwhile.
        }
      }),
  );
}
