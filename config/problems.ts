import type { Code } from "./codes";
import { harmless } from "./harmless";

/** One thing that is wrong with the configuration. Never holds a secret value. */
export interface Problem {
  /** What it stands for: codes.ts. */
  readonly code: Code;
  /** Where, as in `tunnels[2].remote[0]`. */
  readonly path: string;
  /** The tunnel's name, if it is about a tunnel with a usable one. */
  readonly tunnel?: string;
  /** What is wrong, continuing the path as a sentence. */
  readonly message: string;
  /** What to write instead, as an instruction. */
  readonly fix: string;
}

/** `tunnels`, 2, `remote`, 0 → `tunnels[2].remote[0]`. */
export function formatPath(keys: readonly PropertyKey[]): string {
  return keys.reduce<string>((path, key) => {
    if (typeof key === "number") return `${path}[${key}]`;
    const written = String(key).replace(/\n/g, "\\n");
    const name = written.length > 100 ? `${written.slice(0, 100)}…` : written;
    return path === "" ? name : `${path}.${name}`;
  }, "");
}

/**
 * One line per problem: `PATH: WHAT: FIX (CODE)`, and of a tunnel `, tunnel NAME`. A key of the file may be in it as
 * it stands there.
 */
export function formatProblem({ code, path, tunnel, message, fix }: Problem): string {
  const named = tunnel === undefined ? "" : `, tunnel ${tunnel}`;
  return harmless(`${path}: ${message}: ${fix} (${code})${named}`);
}

/** Thrown instead of a configuration: carries every problem found, not just the first. */
export class ConfigError extends Error {
  public override readonly name = "ConfigError";

  constructor(
    public readonly problems: readonly Problem[],
    /** What would only be said, were there no problems. */
    public readonly warnings: readonly Problem[] = [],
  ) {
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    super([`${count} in the stack's configuration`, ...problems.map(formatProblem)].join("\n"));
  }
}
