import type { Flows } from "../../contract/documents/kernel";
import { json } from "../json";
import { EXIT } from "../../contract/exit";
import { implement } from "../commandLine/implement";
import { command } from "../commands/flows";
import { flowsOf, isFlowOrSa, rowsOf } from "../monitor/flows";
import { redacted } from "../monitor/redact";
import { patiently } from "../patience";
import { outputOf } from "../ssh/connection";
import { gatewayTarget } from "../ssh/target";
import { tunnelNamed } from "../stack/named";
import { outputsFor } from "../stack/outputsFor";

export const run = implement(command, async ({ name, json: asJson, stack }, io) => {
  const outputs = await outputsFor(io, stack);
  const peer = name === undefined ? undefined : tunnelNamed(outputs, name).peer;
  const { gateway } = outputs;
  const asked = outputOf(gatewayTarget(gateway), "ipsecctl -s all", io);
  const rows = rowsOf(await patiently(io, `asking ${gateway.name}`, asked), peer);
  if (asJson) io.out(json<Flows>(flowsOf(rows)));
  else for (const row of rows) io.out(`${redacted(row)}\n`);
  if (!rows.some(isFlowOrSa)) io.err(`gateway: flows: ${nothingOf(name, peer)}\n`);
  return EXIT.ok;
});

/** A tunnel that is down has neither: said, as no output is taken for a failure. */
function nothingOf(name: string | undefined, peer: string | undefined): string {
  const whose = peer === undefined ? "" : ` from or to ${peer}`;
  const next = name === undefined ? "status" : `why ${name}`;
  return `the kernel has no flow and no SA${whose}: see ./scripts/gateway ${next}`;
}
