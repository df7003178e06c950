import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { join } from "node:path";
import { namespace } from "../network/sites";

/** Starts a command on one of the lab's machines: its network, this machine's files. */
export function spawnOn(machine: string, command: string[], options: SpawnOptions): ChildProcess {
  const unconfined = join(__dirname, "../lib/unconfined");
  const enter = [`--net=/run/netns/${namespace(machine)}`, "--", unconfined, ...command];
  return spawn("nsenter", enter, options);
}

/**
 * Runs one to its end; its standard output, whatever its exit status.
 *
 * @param timeout milliseconds after which it is ended; without it, none
 * @param complaints what becomes of its standard error
 */
export function outputOn(
  machine: string,
  command: string[],
  { timeout, complaints = "ignore" }: { timeout?: number; complaints?: "ignore" | "inherit" } = {},
): Promise<string> {
  const child = spawnOn(machine, command, { stdio: ["ignore", "pipe", complaints], timeout });
  let output = "";
  child.stdout?.on("data", (data: Buffer) => (output += data.toString()));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", () => {
      resolve(output);
    });
  });
}
