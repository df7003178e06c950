import type { ConfigReader } from "./reader";
import type { Problem } from "./problems";
import { SHAPE } from "./shape";
import { NotYaml, parseYaml } from "./yamlText";

/** One declared tunnel as written, and where: `["tunnels", 2]` or `["tunnels.yaml", 2]`. */
export interface Written {
  readonly place: readonly [string, number];
  readonly value: unknown;
}

/**
 * The tunnels of the key `tunnels`, then those of the file that `tunnelsFile` names. The file is for
 * many: Pulumi hands the values of a stack to the program in one environment variable, and Linux
 * ends a program whose variable is longer than 128 KiB (execve(2), MAX_ARG_STRLEN).
 *
 * One of the two keys has to be written, also for no tunnel: a misspelt key must not remove all.
 */
export function tunnelList(read: ConfigReader, problems: Problem[]): Written[] {
  const value = read.object("tunnels");
  const file = read.object("tunnelsFile") === "" ? undefined : read.object("tunnelsFile");
  return [
    ...(value === undefined && file !== undefined ? [] : list("tunnels", value, problems)),
    ...(file === undefined ? [] : fromFile(read, file, problems)),
  ];
}

function fromFile(read: ConfigReader, file: unknown, problems: Problem[]): Written[] {
  const text = typeof file === "string" ? read.file?.(file) : undefined;
  if (typeof file !== "string" || text === undefined) {
    problems.push({
      code: "GW002",
      path: "tunnelsFile",
      message: typeof file === "string" ? `${file} cannot be read` : "is not the path of a file",
      fix: "write the path of a YAML file that this user may read",
    });
    return [];
  }
  try {
    return list(file, parseYaml(text), problems);
  } catch (error) {
    if (!(error instanceof NotYaml)) throw error;
    problems.push({ code: SHAPE, path: file, message: error.message, fix: error.fix });
    return [];
  }
}

function list(name: string, value: unknown, problems: Problem[]): Written[] {
  if (Array.isArray(value)) {
    return value.map((entry: unknown, index) => ({ place: [name, index], value: entry }));
  }
  problems.push({
    code: SHAPE,
    path: name,
    message: value === undefined ? "is missing" : "is not a list",
    fix: "write a list of tunnels, or [] for none",
  });
  return [];
}
