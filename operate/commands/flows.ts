import { parseArgs } from "node:util";
import { EXIT, UsageError, type Command, type Io } from "../command";
import { concerns, flowsOf } from "../monitor/flows";
import { redacted } from "../monitor/redact";
import { outputOf } from "../ssh/connection";
import { gatewayTarget } from "../ssh/target";
import { tunnelNamed } from "../stack/named";
import { readOutputs } from "../stack/outputs";

const usage = `usage: ./scripts/gateway flows [NAME] [--json] [--stack STACK]

The kernel's flows and security associations, as ipsecctl(8) prints them; with NAME only those from
and to that tunnel's peer. Never a key.

  --json         as JSON
  --stack STACK  the stack (default: the selected one)

Examples:
  ./scripts/gateway flows
  ./scripts/gateway flows west --stack prod

Exit status: 0 done, 1 failed, 64 called wrongly.
`;

async function run(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    options: { json: { type: "boolean", default: false }, stack: { type: "string" } },
    allowPositionals: true,
  });
  const [name, ...more] = positionals;
  if (more.length > 0) throw new UsageError("give the NAME of one tunnel, or none");
  const outputs = await readOutputs({ stack: values.stack, signal: io.signal });
  const peer = name === undefined ? undefined : tunnelNamed(outputs, name).peer;
  const text = await outputOf(gatewayTarget(outputs.gateway), "ipsecctl -s all", io);
  if (values.json) {
    io.out(`${JSON.stringify(flowsOf(text, peer), null, 2)}\n`);
    return EXIT.ok;
  }
  for (const line of text.split("\n")) {
    if (peer === undefined ? line !== "" : concerns(line, peer)) io.out(`${redacted(line)}\n`);
  }
  return EXIT.ok;
}

export const command: Command = {
  name: "flows",
  summary: "the kernel's flows and security associations, of all tunnels or of one",
  usage,
  run,
};
