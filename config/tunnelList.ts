import type { ConfigReader } from "./reader";
import type { Problem } from "./problems";
import { SHAPE } from "./shape";
import { NotYaml, parseYaml } from "./yamlText";

/** One declared tunnel as written, and where: `["tunnels", 2]` or `["tunnels.yaml", 2]`. */
export interface Written {
  readonly place: readonly [string, number];
  readonly value: unknown;
}

export interface TunnelList {
  readonly written: readonly Written[];
  /** Why a list cannot be read: there may be more tunnels. */
  readonly problems: readonly Problem[];
}

/**
 * The tunnels of the key `tunnels`, then those of the file that `tunnelsFile` names. The file is for
 * many: Pulumi hands the values of a stack to the program in one environment variable, and Linux
 * ends a program whose variable is longer than 128 KiB (execve(2), MAX_ARG_STRLEN).
 *
 * One of the two keys has to be written, also for no tunnel: a misspelt key must not remove all.
 */
export function tunnelList(read: ConfigReader): TunnelList {
  const value = read.object("tunnels");
  const file = read.object("tunnelsFile") === "" ? undefined : read.object("tunnelsFile");
  const lists = [
    ...(value === undefined && file !== undefined ? [] : [list("tunnels", value)]),
    ...(file === undefined ? [] : [fromFile(read, file)]),
  ];
  return {
    written: lists.flatMap((one) => ("code" in one ? [] : one)),
    problems: lists.flatMap((one) => ("code" in one ? [one] : [])),
  };
}

function fromFile(read: ConfigReader, file: unknown): Written[] | Problem {
  const text = typeof file === "string" ? read.file?.(file) : undefined;
  if (typeof file !== "string" || text === undefined) {
    return {
      code: "GW002",
      path: "tunnelsFile",
      message: typeof file === "string" ? `${file} cannot be read` : "is not the path of a file",
      fix: "write the path of a YAML file that this user may read",
    };
  }
  try {
    return list(file, parseYaml(text));
  } catch (error) {
    if (!(error instanceof NotYaml)) throw error;
    return { code: SHAPE, path: file, message: error.message, fix: error.fix };
  }
}

function list(name: string, value: unknown): Written[] | Problem {
  if (Array.isArray(value)) {
    return value.map((entry: unknown, index) => ({ place: [name, index], value: entry }));
  }
  return {
    code: SHAPE,
    path: name,
    message: value === undefined ? "is missing" : "is not a list",
    fix: "write a list of tunnels, or [] for none",
  };
}
