import { accessSync, constants, readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { ConfigError, loadConfig, type LoadedStack, type Problem } from "../config/load";
import { formatProblem } from "../config/problems";
import { hypervisorProblems } from "./hypervisor/preflight";
import { expandHome } from "./ssh";

const UNREADABLE_FILE = "GW002";

/**
 * The stack's values, checked. Ends the program with one message that lists every problem, before
 * any resource is registered.
 */
export function readStack(config: pulumi.Config): LoadedStack {
  try {
    const stack = loadConfig({
      object: (key) => (key === "tunnelsFile" ? config.get(key) : config.getObject(key)),
      file: textOf,
      // Config.get warns about secrets that are read in the clear; here they are only measured.
      secret: (key) => pulumi.runtime.getConfig(`${config.name}:${key}`),
    });
    const problems = [...missingFiles(stack), ...hypervisorProblems(stack.config)];
    if (problems.length > 0) {
      throw new ConfigError(problems);
    }
    for (const warning of stack.warnings) void pulumi.log.warn(formatProblem(warning));
    return stack;
  } catch (error) {
    throw error instanceof ConfigError ? new pulumi.RunError(error.message) : error;
  }
}

function missingFiles({ config }: LoadedStack): Problem[] {
  const files: [path: string, file: string | undefined][] = [
    ["source.image.file", config.source.image.file],
    ["admin.identityFile", config.admin.identityFile],
    ["perimeter.connection.identityFile", config.perimeter?.connection.identityFile],
  ];
  return files.flatMap(([path, file]) =>
    file === undefined || readable(file)
      ? []
      : [
          {
            code: UNREADABLE_FILE,
            path,
            message: `${file} cannot be read`,
            fix: "write the path of a file that this user may read",
          },
        ],
  );
}

function textOf(file: string): string | undefined {
  return readable(file) ? readFileSync(expandHome(file), "utf8") : undefined;
}

function readable(file: string): boolean {
  try {
    accessSync(expandHome(file), constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
