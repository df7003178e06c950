import { parseArgs } from "node:util";
import { type Command, type Io } from "../command";
import { passThrough } from "../ssh/connection";
import { gatewayTarget } from "../ssh/target";
import { outputsFor } from "../stack/outputsFor";

const usage = `usage: ./scripts/gateway shell [--stack STACK] [-- COMMAND…]

A shell on the gateway, or one command there, over SSH with the host key that the stack has pinned.
What it changes by hand, the next pulumi up does not know of.

Examples:
  ./scripts/gateway shell
  ./scripts/gateway shell -- gwctl state

Exit status: that of the shell or the command; 1 the gateway was not reached, 64 called wrongly.
`;

async function run(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    options: { stack: { type: "string" } },
    allowPositionals: true,
  });
  const { gateway } = await outputsFor(io, values.stack);
  const words = positionals.map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
  return passThrough(gatewayTarget(gateway), words.join(" "), {
    terminal: io.columns !== undefined,
    signal: io.signal,
  });
}

export const command: Command = {
  name: "shell",
  summary: "a shell on the gateway, or one command there",
  usage,
  run,
};
