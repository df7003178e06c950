import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { main } from "../../../../operate/cli";

export interface Outcome {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the operator's tool inside the test. */
export async function gateway(argv: readonly string[], stdin = ""): Promise<Outcome> {
  let out = "";
  let err = "";
  const status = await main(argv, {
    out: (text) => (out += text),
    err: (text) => (err += text),
    terminal: false,
    stdin: () => Promise.resolve(stdin),
    signal: new AbortController().signal,
  });
  return { status, out, err };
}

/** Runs the executable, in a process group of its own, for what only a process can show. */
export function startGateway(
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
): { child: ChildProcess; done: Promise<Outcome> } {
  const script = join(__dirname, "../../../../scripts/gateway");
  const child = spawn(script, argv, { detached: true, env: { ...process.env, ...env } });
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
  const done = new Promise<Outcome>((resolve) => {
    child.on("close", (status) => {
      resolve({ status: status ?? -1, out, err });
    });
  });
  return { child, done };
}

/** Ends the process and everything it started, at once, as a power cut would. */
export function killGroup(child: ChildProcess): void {
  if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
}
