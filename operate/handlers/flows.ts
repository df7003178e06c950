import type { Flows } from "../../contract/documents/kernel";
import { fixedAddress } from "../../config/peer";
import { json } from "../json";
import { EXIT } from "../../contract/exit";
import { implement } from "../commandLine/implement";
import { command } from "../commands/flows";
import { flowsOf, isFlowOrSa, peersIn, questionOf, rowsOf } from "../monitor/flows";
import { redacted } from "../monitor/redact";
import { patiently } from "../patience";
import { outputOf } from "../ssh/connection";
import { gatewayTarget } from "../ssh/target";
import { tunnelNamed } from "../stack/named";
import { outputsFor } from "../stack/outputsFor";

export const run = implement(command, async ({ name, json: asJson, stack }, io) => {
  const outputs = await outputsFor(io, stack);
  const tunnel = name === undefined ? undefined : tunnelNamed(outputs, name);
  const { gateway } = outputs;
  const asked = outputOf(gatewayTarget(gateway), questionOf(tunnel), io);
  const text = await patiently(io, `asking ${gateway.name}`, asked);
  const rows = rowsOf(text, tunnel && peersIn(text, tunnel));
  if (asJson) io.out(json<Flows>(flowsOf(rows)));
  else for (const row of rows) io.out(`${redacted(row)}\n`);
  if (!rows.some(isFlowOrSa)) io.err(`gateway: flows: ${nothingOf(name, tunnel?.peer)}\n`);
  return EXIT.ok;
});

/** A tunnel that is down has neither: said, as no output is taken for a failure. */
function nothingOf(name: string | undefined, peer: string | undefined): string {
  const address = peer === undefined ? undefined : fixedAddress(peer);
  const whose = name === undefined ? "" : ` from or to ${address ?? `the peer of ${name}`}`;
  const next = name === undefined ? "status" : `why ${name}`;
  return `the kernel has no flow and no SA${whose}: see ./scripts/gateway ${next}`;
}
