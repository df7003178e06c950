import { parseArgs } from "node:util";
import { EXIT, UsageError, type Command, type Io } from "../command";
import { commandNames } from "../catalogue";
import { captured } from "../cli";
import { recordProof } from "../promotion/record";
import { type Finding, verification } from "../promotion/verification";

const usage = `usage: ./scripts/gateway verify --stack NAME [OPTION…]

Proves a stack and records the proof: what is written is what runs (an empty preview), every tunnel
carries packets, nothing drifted on the gateway, the path in front of it is as it should be. A stack
whose promotion.from names this one takes no update without it.

  --timeout SECONDS  how long tunnels may take to be proven (default: 60)
  --no-record        only look
  --json             print one JSON document
  --stack NAME       the stack

Example:
  ./scripts/gateway verify --stack test

Exit status: 0 proven, 1 not, 64 called wrongly.
`;

const options = {
  timeout: { type: "string", default: "60" },
  "no-record": { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  stack: { type: "string" },
} as const;

/** The commands whose exit status 0 says that nothing is wrong. */
const JUDGES = ["drift", "path"];

async function run(argv: readonly string[], io: Io): Promise<number> {
  const { values } = parseArgs({ args: [...argv], options });
  const { stack, json } = values;
  if (stack === undefined) throw new UsageError("which stack? Give --stack NAME");
  if (!/^\d{1,5}$/.test(values.timeout)) throw new UsageError("--timeout: write seconds");

  const findings: Finding[] = [];
  const known = commandNames();
  for await (const finding of verification({
    stack,
    timeoutMs: Number(values.timeout) * 1000,
    judges: JUDGES.filter((name) => known.includes(name)),
    runCommand: (name, args) => captured(name, args, io),
    io,
  })) {
    findings.push(finding);
    if (!json) io.out(`${line(finding)}\n`);
  }
  const ok = findings.every((finding) => finding.ok);
  const proof =
    ok && !values["no-record"] ? await recordProof(stack, new Date(), io.signal) : undefined;
  if (json) io.out(`${JSON.stringify({ stack, ok, findings, proof })}\n`);
  else if (proof !== undefined) io.out(`${stack}: proven at ${proof.at}, recorded\n`);
  return ok ? EXIT.ok : EXIT.failed;
}

const line = ({ name, ok, detail }: Finding): string =>
  `${ok ? "ok     " : "FAILED "} ${name.padEnd(8)} ${detail}`;

export const command: Command = {
  name: "verify",
  summary: "proves a stack, and records it for the stack that comes after",
  usage,
  run,
};
