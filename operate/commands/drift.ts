import { parseArgs } from "node:util";
import { EXIT, Refusal, type Command, type Io } from "../command";
import { gatewaySource } from "../drift/gateway";
import { perimeterSources } from "../drift/perimeter";
import type { Finding } from "../drift/finding";
import { lookAt, type Seen } from "../drift/look";
import { mark } from "../drift/mark";
import { readApplied } from "../stack/applied";
import { readOutputs } from "../stack/outputs";
import type { StackSelection } from "../stack/pulumi";

const usage = `usage: ./scripts/gateway drift [--mark] [--json] [--stack NAME]

What on the gateway is not as the last pulumi up left it: files, services, sysctls, the rules that pf
runs, tunnels that are missing or that no stack declares, packages, and errata where the stack applies
them; and forwards and routes on the machines around it. Looks only; one SSH connection to each. A
machine that does not tell hides nothing of what the others do.

  --mark        have the steps behind what was found made anew: the next pulumi preview shows them, the
                next pulumi up puts back exactly that
  --json        {"findings": [{"kind", "what", "problem", "steps", "fix"}], "notes": [], "marked": [],
                "unknown": []}
  --stack NAME  the stack (default: the selected one)

Examples:
  ./scripts/gateway drift
  ./scripts/gateway drift --mark && pulumi up

Exit status: 0 nothing drifted, 1 something did, 2 of what was seen nothing did, but not everything
could be told, 64 called wrongly.
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
  const found = await lookAround(selection, io);
  if (found === undefined) return CANNOT_TELL;
  const { findings, notes, unknown } = found;
  const steps = [...new Set(findings.flatMap((finding) => finding.steps))];
  const marked = values.mark ? steps : [];
  if (marked.length > 0) await mark(selection, marked);

  if (values.json) io.out(`${JSON.stringify({ findings, notes, marked, unknown })}\n`);
  else show(io, found, marked);
  for (const reason of unknown) io.err(`gateway: drift: ${reason}\n`);
  if (findings.length > 0) return EXIT.failed;
  return unknown.length > 0 ? CANNOT_TELL : EXIT.ok;
}

async function lookAround(selection: StackSelection, io: Io): Promise<Seen | undefined> {
  try {
    const [{ gateway, perimeter }, applied] = await Promise.all([
      readOutputs(selection),
      readApplied(selection),
    ]);
    return await lookAt([
      gatewaySource(gateway, applied, selection.signal),
      ...perimeterSources(perimeter, selection.signal),
    ]);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    io.err(`gateway: drift: ${error.message}\n`);
    return undefined;
  }
}

function show(io: Io, { findings, notes, unknown }: Seen, marked: readonly string[]): void {
  for (const finding of findings) io.out(line(finding));
  for (const note of notes) io.out(`note: ${note}\n`);
  if (findings.length === 0) {
    io.out(unknown.length === 0 ? "nothing drifted\n" : "nothing drifted where it could be told\n");
  } else if (marked.length > 0) {
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
