import { parseArgs } from "node:util";
import { EXIT, UsageError, type Command, type Io } from "../command";
import { redacted } from "../monitor/redact";
import { patiently } from "../patience";
import { tunnelNamed } from "../stack/named";
import { outputsFor } from "../stack/outputsFor";
import { diagnose, type Diagnosis } from "../why/diagnose";
import { askWhy } from "../why/question";
import { whyReport } from "../why/report";

const usage = `usage: ./scripts/gateway why NAME [--json] [--stack STACK]

Why a tunnel does not carry packets: the phase and the field, the lines that show it, what to do on
this side, and a sentence for the other side. It compares what is declared, what is live, the
daemon's log, the packet filter's counters and log, and what arrives while it pings. It says so when
it does not know. Takes about 10 seconds; changes nothing; shows no key.

  --json         print one JSON document (see docs/operations.md)
  --stack STACK  the stack (default: the selected one)

Example:
  ./scripts/gateway why west

Exit status: 0 nothing is wrong, or it is meant to be down; 1 a cause was found, or it is not known;
64 called wrongly.
`;

const options = { json: { type: "boolean", default: false }, stack: { type: "string" } } as const;
const COLUMNS = 80;

async function run(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true });
  const [name, ...more] = positionals;
  if (name === undefined || more.length > 0) throw new UsageError("give the NAME of one tunnel");
  const outputs = await outputsFor(io, values.stack);
  const tunnel = tunnelNamed(outputs, name);
  const asking = `asking ${outputs.gateway.name} about ${name}`;
  const facts = await patiently(io, asking, askWhy(outputs, tunnel, io.signal));
  const diagnosis = diagnose(facts);
  if (values.json) {
    io.out(`${JSON.stringify(withoutSecrets(diagnosis))}\n`);
  } else {
    const colours = io.columns !== undefined && process.env.NO_COLOR === undefined;
    io.out(whyReport(diagnosis, io.columns ?? COLUMNS, colours));
  }
  return ["none", "disabled"].includes(diagnosis.cause.code) ? EXIT.ok : EXIT.failed;
}

function withoutSecrets(diagnosis: Diagnosis): Diagnosis {
  const { cause, notes } = diagnosis;
  const evidence = cause.evidence.map(({ text, ...rest }) => ({ ...rest, text: redacted(text) }));
  return { ...diagnosis, cause: { ...cause, evidence }, notes: notes.map(redacted) };
}

export const command: Command = {
  name: "why",
  summary: "why a tunnel does not carry packets, with the evidence and what to do",
  usage,
  run,
};
