import { parseArgs } from "node:util";
import { EXIT, UsageError, type Command, type Io } from "../command";
import { flowsOf, isFlowOrSa, rowsOf } from "../monitor/flows";
import { redacted } from "../monitor/redact";
import { patiently } from "../patience";
import { outputOf } from "../ssh/connection";
import { gatewayTarget } from "../ssh/target";
import { tunnelNamed } from "../stack/named";
import { outputsFor } from "../stack/outputsFor";

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
  const outputs = await outputsFor(io, values.stack);
  const peer = name === undefined ? undefined : tunnelNamed(outputs, name).peer;
  const { gateway } = outputs;
  const asked = outputOf(gatewayTarget(gateway), "ipsecctl -s all", io);
  const rows = rowsOf(await patiently(io, `asking ${gateway.name}`, asked), peer);
  if (values.json) io.out(`${JSON.stringify(flowsOf(rows), null, 2)}\n`);
  else for (const row of rows) io.out(`${redacted(row)}\n`);
  if (!rows.some(isFlowOrSa)) io.err(`gateway: flows: ${nothingOf(name, peer)}\n`);
  return EXIT.ok;
}

/** A tunnel that is down has neither: said, as no output is taken for a failure. */
function nothingOf(name: string | undefined, peer: string | undefined): string {
  const whose = peer === undefined ? "" : ` from or to ${peer}`;
  const next = name === undefined ? "status" : `why ${name}`;
  return `the kernel has no flow and no association${whose}: see ./scripts/gateway ${next}`;
}

export const command: Command = {
  name: "flows",
  summary: "the kernel's flows and security associations, of all tunnels or of one",
  usage,
  run,
};
