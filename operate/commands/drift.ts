import { parseArgs } from "node:util";
import { EXIT, Refusal, type Command, type Io } from "../command";
import { gatewaySource } from "../drift/gateway";
import { perimeterSources } from "../drift/perimeter";
import type { Drift, Finding } from "../drift/finding";
import { mark } from "../drift/mark";
import { readApplied } from "../stack/applied";
import { readOutputs } from "../stack/outputs";
import type { StackSelection } from "../stack/pulumi";

const usage = `usage: ./scripts/gateway drift [--mark] [--json] [--stack NAME]

What on the gateway is not as the last pulumi up left it: files, services, sysctls, the rules that pf
runs, tunnels that are missing or that no stack declares, packages, and errata where the stack applies
them; and forwards and routes on the machines around it. Looks only; one SSH connection to each.

  --mark        have the steps behind what was found made anew: the next pulumi preview shows them, the
                next pulumi up puts back exactly that
  --json        {"findings": [{"kind", "what", "problem", "steps", "fix"}], "notes": [], "marked": []}
  --stack NAME  the stack (default: the selected one)

Examples:
  ./scripts/gateway drift
  ./scripts/gateway drift --mark && pulumi up

Exit status: 0 nothing drifted, 1 something did, 2 cannot tell, 64 called wrongly.
`;

const options = {
  mark: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  stack: { type: "string" },
} as const;

const CANNOT_TELL = 2;

async function run(argv: readonly string[], io: Io): Promise<number> {
  const { values } = parseArgs({ args: [...argv], options });
  const selection = { stack: values.stack, signal: io.signal };
  const drift = await lookAround(selection, io);
  if (drift === undefined) return CANNOT_TELL;
  const { findings, notes } = drift;
  const steps = [...new Set(findings.flatMap((finding) => finding.steps))];
  const marked = values.mark ? steps : [];
  if (marked.length > 0) await mark(selection, marked);

  if (values.json) io.out(`${JSON.stringify({ findings, notes, marked })}\n`);
  else show(io, drift, marked);
  return findings.length === 0 ? EXIT.ok : EXIT.failed;
}

async function lookAround(selection: StackSelection, io: Io): Promise<Drift | undefined> {
  try {
    const [{ gateway, perimeter }, applied] = await Promise.all([
      readOutputs(selection),
      readApplied(selection),
    ]);
    const sources = [
      gatewaySource(gateway, applied, selection.signal),
      ...perimeterSources(perimeter, selection.signal),
    ];
    const found = await Promise.all(sources.map((source) => source()));
    return {
      findings: found.flatMap(({ findings }) => findings),
      notes: found.flatMap(({ notes }) => notes),
    };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    io.err(`gateway: drift: ${error.message}\n`);
    return undefined;
  }
}

function show(io: Io, { findings, notes }: Drift, marked: readonly string[]): void {
  for (const finding of findings) io.out(line(finding));
  for (const note of notes) io.out(`note: ${note}\n`);
  if (findings.length === 0) io.out("nothing drifted\n");
  else if (marked.length > 0) {
    io.out(`${marked.length} steps are marked: pulumi up puts back what they are for\n`);
  } else if (findings.some(({ steps }) => steps.length > 0)) {
    io.out("put it back: ./scripts/gateway drift --mark, then pulumi up\n");
  }
}

function line({ kind, what, problem, fix }: Finding): string {
  const which = kind === "file" || kind === "pf" ? what : `${kind} ${what}`;
  return `${which}: ${problem}${fix === undefined ? "" : `: ${fix}`}\n`;
}

export const command: Command = {
  name: "drift",
  summary: "finds what was changed by hand on the gateway and around it",
  usage,
  run,
};
