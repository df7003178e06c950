import { parseArgs } from "node:util";
import { EXIT, UsageError, type Command, type Io } from "../command";
import { parseFlow, parseSa } from "../../parse/ipsecctl";
import { redacted } from "../monitor/redact";
import { outputOf } from "../ssh/connection";
import { gatewayTarget } from "../ssh/target";
import { tunnelNamed } from "../stack/named";
import { readOutputs } from "../stack/outputs";

const usage = `usage: ./scripts/gateway flows [NAME] [--stack STACK]

The kernel's flows and security associations, as ipsecctl(8) prints them; with NAME only those from
and to that tunnel's peer. Never a key.

Examples:
  ./scripts/gateway flows
  ./scripts/gateway flows west --stack prod

Example:
  ./scripts/gateway flows west

Exit status: 0 done, 1 failed, 64 called wrongly.
`;

async function run(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    options: { stack: { type: "string" } },
    allowPositionals: true,
  });
  const [name, ...more] = positionals;
  if (more.length > 0) throw new UsageError("give the NAME of one tunnel, or none");
  const outputs = await readOutputs({ stack: values.stack, signal: io.signal });
  const peer = name === undefined ? undefined : tunnelNamed(outputs, name).peer;
  const text = await outputOf(gatewayTarget(outputs.gateway), "ipsecctl -s all", io);
  for (const line of text.split("\n")) {
    if (peer === undefined ? line !== "" : concerns(line, peer)) io.out(`${redacted(line)}\n`);
  }
  return EXIT.ok;
}

function concerns(line: string, peer: string): boolean {
  const sa = parseSa(line);
  return parseFlow(line)?.peer === peer || sa?.from === peer || sa?.to === peer;
}

export const command: Command = {
  name: "flows",
  summary: "the kernel's flows and security associations, of all tunnels or of one",
  usage,
  run,
};
