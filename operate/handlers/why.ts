import { json } from "../json";
import { readFile } from "node:fs/promises";
import { EXIT } from "../../contract/exit";
import { Refusal, type Io } from "../command";
import { implement } from "../commandLine/implement";
import { command } from "../commands/why";
import { redacted } from "../monitor/redact";
import { patiently } from "../patience";
import { tunnelNamed } from "../stack/named";
import { outputsFor } from "../stack/outputsFor";
import type { Diagnosis } from "../../contract/documents/why";
import { diagnose } from "../why/diagnose";
import { withPeerLog } from "../why/peerLog";
import { askWhy } from "../why/question";
import { whyReport } from "../why/report";

const COLUMNS = 80;

export const run = implement(
  command,
  async ({ name, "peer-log": logFile, json: asJson, stack }, io) => {
    const theirs = await peerLog(logFile, io);
    const outputs = await outputsFor(io, stack);
    const tunnel = tunnelNamed(outputs, name);
    const asking = `asking ${outputs.gateway.name} about ${name}`;
    const facts = await patiently(io, asking, askWhy(outputs, tunnel, io.signal));
    const ours = diagnose(facts);
    const diagnosis = theirs === undefined ? ours : withPeerLog(ours, facts, theirs);
    if (asJson) {
      io.out(json<Diagnosis>(withoutSecrets(diagnosis)));
    } else {
      const colours = io.columns !== undefined && process.env.NO_COLOR === undefined;
      io.out(whyReport(diagnosis, io.columns ?? COLUMNS, colours));
    }
    return ["none", "disabled"].includes(diagnosis.cause.code) ? EXIT.ok : EXIT.failed;
  },
);

/** Read before the gateway is asked: a wrong file name is reported at once. */
async function peerLog(file: string | undefined, io: Io): Promise<string | undefined> {
  if (file === undefined) return undefined;
  if (file === "-") return io.stdin();
  try {
    return await readFile(file, "utf8");
  } catch {
    throw new Refusal(`--peer-log ${file}: cannot be read: give the path of the peer's log`);
  }
}

function withoutSecrets(diagnosis: Diagnosis): Diagnosis {
  const { cause, notes } = diagnosis;
  const evidence = cause.evidence.map(({ text, ...rest }) => ({ ...rest, text: redacted(text) }));
  return { ...diagnosis, cause: { ...cause, evidence }, notes: notes.map(redacted) };
}
