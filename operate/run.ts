import { spawn } from "node:child_process";
import { Refusal } from "./command";

/** A program the operator's machine must have, and the package that brings it. */
export interface Tool {
  readonly program: string;
  readonly install: string;
}

export interface RunOptions {
  readonly cwd?: string;
  /** Added to PATH and a fixed locale and time zone; nothing else is passed on. */
  readonly env?: Readonly<Record<string, string>>;
  /** Standard input. Default: none. */
  readonly input?: string;
  readonly signal: AbortSignal;
}

export interface Finished {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program to its end, whatever its exit status. Its output must not depend on who runs it
 * where, so it sees a fixed locale and time zone.
 *
 * @throws Refusal if the program is not installed or a signal ended it; AbortError if interrupted.
 */
export function run(tool: Tool, args: readonly string[], options: RunOptions): Promise<Finished> {
  const { cwd, env, input, signal } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(tool.program, args, {
      stdio: ["pipe", "pipe", "pipe"],
      env: { PATH: process.env.PATH, LC_ALL: "C.UTF-8", TZ: "UTC", ...env },
      signal,
      ...(cwd !== undefined && { cwd }),
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    // A program that ends without reading its input has said why by its exit status.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
    child.on("error", (error: NodeJS.ErrnoException) => {
      const missing = `${tool.program}: not installed: ${tool.install}`;
      reject(error.code === "ENOENT" ? new Refusal(missing) : error);
    });
    child.on("close", (status, killedBy) => {
      if (status === null) reject(new Refusal(`${tool.program}: ended by ${String(killedBy)}`));
      else {
        resolve({
          status,
          stdout: Buffer.concat(stdout).toString(),
          stderr: Buffer.concat(stderr).toString(),
        });
      }
    });
  });
}
