import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { join } from "node:path";
import { namespace } from "../network/sites";

/** Starts a command on one of the lab's machines: its network, this machine's files. */
export function spawnOn(machine: string, command: string[], options: SpawnOptions): ChildProcess {
  const unconfined = join(__dirname, "../lib/unconfined");
  const enter = [`--net=/run/netns/${namespace(machine)}`, "--", unconfined, ...command];
  return spawn("nsenter", enter, options);
}

/** Runs one to its end; its standard output, whatever its exit status. */
export function outputOn(machine: string, command: string[]): Promise<string> {
  const child = spawnOn(machine, command, { stdio: ["ignore", "pipe", "ignore"] });
  let output = "";
  child.stdout?.on("data", (data: Buffer) => (output += data.toString()));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", () => {
      resolve(output);
    });
  });
}
