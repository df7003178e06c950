import type { DriftDocument } from "../../contract/documents/operate";
import { json } from "../json";
import { EXIT } from "../../contract/exit";
import { Refusal, type Io } from "../command";
import { implement } from "../commandLine/implement";
import { command } from "../commands/drift";
import { gatewaySource } from "../drift/gateway";
import { perimeterSources } from "../drift/perimeter";
import type { DriftFinding } from "../../contract/documents/operate";
import { collectDrift } from "../drift/collect";
import type { Drift } from "../drift/finding";
import { mark } from "../drift/mark";
import { readApplied } from "../stack/applied";
import { readOutputs } from "../stack/outputs";
import type { StackSelection } from "../stack/pulumi";

export const run = implement(command, async ({ mark: marking, json: asJson, stack }, io) => {
  const selection = { stack, signal: io.signal };
  const found = await lookAround(selection, io);
  if (found === undefined) return EXIT.cannotTell;
  const { findings, notes, unknown } = found;
  const steps = [...new Set(findings.flatMap((finding) => finding.steps))];
  const marked = marking ? steps : [];
  if (marked.length > 0) await mark(selection, marked);

  if (asJson) io.out(json<DriftDocument>({ findings, notes, marked, unknown }));
  else show(io, found, marked);
  for (const reason of unknown) io.err(`gateway: drift: ${reason}\n`);
  if (findings.length > 0) return EXIT.failed;
  return unknown.length > 0 ? EXIT.cannotTell : EXIT.ok;
});

async function lookAround(selection: StackSelection, io: Io): Promise<Drift | undefined> {
  try {
    const [{ gateway, perimeter, tunnels }, applied] = await Promise.all([
      readOutputs(selection),
      readApplied(selection),
    ]);
    return await collectDrift([
      gatewaySource(gateway, { applied, tunnels }, selection.signal),
      ...perimeterSources(perimeter, selection.signal),
    ]);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    io.err(`gateway: drift: ${error.message}\n`);
    return undefined;
  }
}

function show(io: Io, { findings, notes, unknown }: Drift, marked: readonly string[]): void {
  for (const finding of findings) io.out(line(finding));
  for (const note of notes) io.out(`note: ${note}\n`);
  if (findings.length === 0) {
    io.out(
      unknown.length === 0 ? "nothing drifted\n" : "nothing drifted where the machines answered\n",
    );
  } else if (marked.length > 0) {
    io.out(`${marked.length} steps are marked: pulumi up puts back what they are for\n`);
  } else if (findings.some(({ steps }) => steps.length > 0)) {
    io.out("put it back: ./scripts/gateway drift --mark, then pulumi up\n");
  }
}

function line({ kind, what, problem, fix }: DriftFinding): string {
  const which = kind === "file" || kind === "pf" ? what : `${kind} ${what}`;
  return `${which}: ${problem}${fix === undefined ? "" : `: ${fix}`}\n`;
}
