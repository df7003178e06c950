// local.Command: a child process of the plugin.
import { spawn } from "node:child_process";
import type { Context } from "../core/resourceType";
import type { Properties } from "../core/values";
import { commandType, commonInputs, type Outputs } from "./commandType";
import { Output } from "./output";

const noAssets = { refused: "not supported on the closed network: print to stdout instead" };

/** Token command:local:Command. */
export const localCommand = {
  ...commandType(
    {
      ...commonInputs,
      archivePaths: noAssets,
      assetPaths: noAssets,
      dir: "update",
      interpreter: "update",
    },
    () => [],
    runLocally,
  ),
  outputs: {
    stdout: "given",
    stderr: "given",
    archive: { missing: noAssets.refused },
    assets: { missing: noAssets.refused },
  },
} as const;

function runLocally(
  command: string,
  inputs: Properties,
  previous: Readonly<Record<string, string>>,
  context: Context,
): Promise<Outputs> {
  const interpreter = inputs.interpreter as string[] | undefined;
  const [program = "", ...before] = interpreter?.length ? interpreter : ["/bin/sh", "-c"];
  const environment = inputs.environment as Record<string, string> | undefined;
  const directory = inputs.dir as string | undefined;
  const output = new Output(inputs.logging, context);
  return new Promise((resolve, reject) => {
    context.signal.throwIfAborted();
    const child = spawn(program, [...before, command], {
      env: { ...process.env, ...environment, ...previous },
      // Its own process group: a cancelled command ends with everything it started.
      detached: true,
      stdio: ["pipe", "pipe", "pipe"],
      ...(directory === undefined ? {} : { cwd: directory }),
    });
    const cancel = () => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      } catch {
        // Already gone; the close event tells how it ended.
      }
    };
    context.signal.addEventListener("abort", cancel, { once: true });
    child.stdout.on("data", (chunk: Buffer) => {
      output.add("stdout", chunk);
    });
    child.stderr.on("data", (chunk: Buffer) => {
      output.add("stderr", chunk);
    });
    // A command may end without reading its stdin; only its exit code says whether that was right.
    child.stdin.on("error", () => undefined);
    child.stdin.end(inputs.stdin ?? "");
    child.once("error", (error) => {
      context.signal.removeEventListener("abort", cancel);
      reject(output.failure(error.message, command));
    });
    child.once("close", (code, signal) => {
      context.signal.removeEventListener("abort", cancel);
      output.end();
      if (code === 0) resolve(output.outputs());
      else
        reject(
          output.failure(signal ? `signal: ${signal}` : `exit status ${String(code)}`, command),
        );
    });
  });
}
