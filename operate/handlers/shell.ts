import { shellLine } from "../../render/shellWord";
import { implement } from "../commandLine/implement";
import { command } from "../commands/shell";
import { passThrough } from "../ssh/connection";
import { gatewayTarget } from "../ssh/target";
import { outputsFor } from "../stack/outputsFor";

export const run = implement(command, async ({ command: words, stack }, io) => {
  const { gateway } = await outputsFor(io, stack);
  return passThrough(gatewayTarget(gateway), shellLine(words), {
    terminal: io.columns !== undefined,
    err: io.err,
    signal: io.signal,
  });
});
