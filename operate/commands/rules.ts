import { parseArgs } from "node:util";
import { EXIT, UsageError, type Command, type Io } from "../command";
import { parseRuleCounts } from "../../parse/pfctlRules";
import { rowsOfTag } from "../monitor/rules";
import { patiently } from "../patience";
import { outputOf } from "../ssh/connection";
import { gatewayTarget } from "../ssh/target";
import { tunnelNamed } from "../stack/named";
import { outputsFor } from "../stack/outputsFor";

const usage = `usage: ./scripts/gateway rules [NAME] [--json] [--stack STACK]

The packet filter's rules and how often each decided, as pfctl(8) prints them; with NAME only those
that carry that tunnel's tag.

  --json         as JSON
  --stack STACK  the stack (default: the selected one)

Examples:
  ./scripts/gateway rules
  ./scripts/gateway rules west --stack prod

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
  const outputs = await outputsFor(io, values.stack);
  const tunnel = name === undefined ? undefined : tunnelNamed(outputs, name);
  const { gateway } = outputs;
  const asked = outputOf(gatewayTarget(gateway), "pfctl -v -s rules", io);
  const text = await patiently(io, `asking ${gateway.name}`, asked);
  const all = text.split("\n").filter(Boolean);
  const rows = tunnel === undefined ? all : rowsOfTag(all, tunnel.name);
  if (values.json) io.out(`${JSON.stringify({ rules: parseRuleCounts(rows) }, null, 2)}\n`);
  else for (const row of rows) io.out(`${row}\n`);
  if (rows.length === 0) io.err(`gateway: rules: ${nothingOf(tunnel?.name)}\n`);
  return EXIT.ok;
}

function nothingOf(name: string | undefined): string {
  const whose = name === undefined ? "" : ` tagged vpn-${name}`;
  return `the packet filter has no rule${whose}: see ./scripts/gateway ${name === undefined ? "drift" : `why ${name}`}`;
}

export const command: Command = {
  name: "rules",
  summary: "the packet filter's rules with their counters",
  usage,
  run,
};
