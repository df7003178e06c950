import type { Command } from "../command";

/** What may follow a command's name, as its own help says. */
export interface Words {
  readonly name: string;
  readonly summary: string;
  /** `fetch`, `verify`, `build` of `iso`; empty for a command without actions. */
  readonly actions: readonly string[];
  /** Every option, `--help` too. */
  readonly options: readonly string[];
  /** Of an option that takes one of a few words, these. */
  readonly choices: Readonly<Record<string, readonly string[]>>;
  /** The options whose value is a file or a directory. */
  readonly paths: readonly string[];
}

/** A word of lower case letters is meant literally, one of capitals stands for a value. */
const LITERAL = /^[a-z][a-z-]*(?:\|[a-z][a-z-]*)*$/;

/** Reads a command's help: the usage lines, and the lines that begin with an option. */
export function wordsOf({ name, summary, usage, choices = {} }: Command): Words {
  const [head = ""] = usage.split("\n\n");
  const calls = [...head.matchAll(new RegExp(`gateway ${name} +(\\S+)`, "g"))];
  const actions = calls.flatMap(([, word = ""]) => (LITERAL.test(word) ? word.split("|") : []));
  const options = [...usage.matchAll(/(?:^|[\s[(|])(--[a-z][a-z-]*)/g)].map(
    ([, option = ""]) => option,
  );
  const literal = [...usage.matchAll(/(--[a-z][a-z-]*) ([a-z][a-z0-9-]*(?:\|[a-z][a-z0-9-]*)+)/g)];
  const values = [...usage.matchAll(/(--[a-z][a-z-]*) (?:FILE|DIR)\b/g)];
  return {
    name,
    summary,
    actions: [...new Set(actions)],
    options: [...new Set([...options, "--help"])].sort(),
    choices: {
      ...Object.fromEntries(literal.map(([, option = "", all = ""]) => [option, all.split("|")])),
      ...choices,
    },
    paths: [...new Set(values.map(([, option = ""]) => option))].sort(),
  };
}
