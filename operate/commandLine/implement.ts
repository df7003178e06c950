import type { Io } from "../command";
import type { Args, Declaration } from "./declaration";
import { parse } from "./parse";

/** A command from its words on. Resolves to the exit status, or rejects with a Refusal or UsageError. */
export type Run = (argv: readonly string[], io: Io) => Promise<number>;

/** Joins a declaration to what the command does, so that the handler gets what is declared. */
export function implement<D extends Declaration>(
  declaration: D,
  handler: (args: Args<D>, io: Io) => number | Promise<number>,
): Run {
  // `parse` makes what Args derives from the same declaration.
  return async (argv, io) => await handler(parse(declaration, argv) as Args<D>, io);
}
