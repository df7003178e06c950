import type { Verify } from "../../contract/documents/operate";
import { json } from "../json";
import { EXIT } from "../../contract/exit";
import { implement } from "../commandLine/implement";
import { command } from "../commands/verify";
import { captured } from "../cli";
import { recordProof } from "../promotion/record";
import type { Finding } from "../../contract/documents/operate";
import { verification } from "../promotion/verification";

/** The commands whose exit status 0 says that nothing is wrong. */
const COMMANDS = ["drift", "path"];

export const run = implement(
  command,
  async ({ timeout, "no-record": noRecord, json: asJson, stack }, io) => {
    const findings: Finding[] = [];
    for await (const finding of verification({
      stack,
      timeoutMs: timeout * 1000,
      commands: COMMANDS,
      runCommand: (name, args) => captured(name, args, io),
      io,
    })) {
      findings.push(finding);
      if (!asJson) io.out(`${line(finding)}\n`);
    }
    const ok = findings.every((finding) => finding.ok);
    const proof = ok && !noRecord ? await recordProof(stack, new Date(), io.signal) : undefined;
    if (asJson) io.out(json<Verify>({ stack, ok, findings, proof }));
    else if (proof !== undefined) io.out(`${stack}: proven at ${proof.at}, recorded\n`);
    return ok ? EXIT.ok : EXIT.failed;
  },
);

const line = ({ name, ok, detail }: Finding): string =>
  `${ok ? "ok     " : "FAILED "} ${name.padEnd(8)} ${detail}`;
