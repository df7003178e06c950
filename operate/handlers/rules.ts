import type { Rules } from "../../contract/documents/kernel";
import { json } from "../json";
import { EXIT } from "../../contract/exit";
import { implement } from "../commandLine/implement";
import { command } from "../commands/rules";
import { parseRuleCounts } from "../../parse/pfctlRules";
import { rowsOfTag } from "../monitor/rules";
import { patiently } from "../patience";
import { outputOf } from "../ssh/connection";
import { gatewayTarget } from "../ssh/target";
import { tunnelNamed } from "../stack/named";
import { outputsFor } from "../stack/outputsFor";

export const run = implement(command, async ({ name, json: asJson, stack }, io) => {
  const outputs = await outputsFor(io, stack);
  const tunnel = name === undefined ? undefined : tunnelNamed(outputs, name);
  const { gateway } = outputs;
  const asked = outputOf(gatewayTarget(gateway), "pfctl -v -s rules", io);
  const text = await patiently(io, `asking ${gateway.name}`, asked);
  const all = text.split("\n").filter(Boolean);
  const rows = tunnel === undefined ? all : rowsOfTag(all, tunnel.name);
  if (asJson) io.out(json<Rules>({ rules: parseRuleCounts(rows) }));
  else for (const row of rows) io.out(`${row}\n`);
  if (rows.length === 0) io.err(`gateway: rules: ${nothingOf(tunnel?.name)}\n`);
  return EXIT.ok;
});

function nothingOf(name: string | undefined): string {
  const whose = name === undefined ? "" : ` tagged vpn-${name}`;
  return `the packet filter has no rule${whose}: see ./scripts/gateway ${name === undefined ? "drift" : `why ${name}`}`;
}
