import type { PathDocument } from "../../contract/documents/operate";
import { json } from "../json";
import { homedir } from "node:os";
import { EXIT } from "../../contract/exit";
import { Refusal, type Io } from "../command";
import { implement } from "../commandLine/implement";
import { command } from "../commands/path";
import { collect } from "../path/collect";
import { assess } from "../path/assess";
import type { PathRow } from "../../contract/documents/operate";
import type { Evidence } from "../path/model";
import { parseOutside, type Outside } from "../path/outside";
import { pathTable } from "../path/table";
import type { StackOutputs } from "../../contract/stackOutputs";
import { readOutputs } from "../stack/outputs";

const COLUMNS = 100;

export const run = implement(command, async ({ from, json: asJson, stack, ...files }, io) => {
  const outside = from === undefined ? undefined : outsideOf(from, files);
  const found = await look(stack, outside, io);
  if (found === undefined) return EXIT.cannotTell;
  const rows = assess(found.outputs, found.evidence);
  const notes = found.evidence.silent;
  if (asJson) io.out(json<PathDocument>({ rows, notes }));
  else {
    const colours = io.columns !== undefined && process.env.NO_COLOR === undefined;
    io.out(pathTable(rows, notes, { columns: io.columns ?? COLUMNS, colours }));
  }
  return verdict(rows);
});

function outsideOf(
  from: string,
  files: { readonly identity?: string | undefined; readonly "known-hosts"?: string | undefined },
): Outside {
  const path = (file: string | undefined) => file?.replace(/^~\//, `${homedir()}/`);
  return {
    ...parseOutside(from),
    identityFile: path(files.identity),
    knownHosts: path(files["known-hosts"]),
  };
}

async function look(
  stack: string | undefined,
  outside: Outside | undefined,
  io: Io,
): Promise<{ outputs: StackOutputs; evidence: Evidence } | undefined> {
  try {
    const outputs = await readOutputs({ stack, signal: io.signal });
    return { outputs, evidence: await collect(outputs, outside, io) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    io.err(`gateway: path: ${error.message}\n`);
    return undefined;
  }
}

function verdict(rows: readonly PathRow[]): number {
  if (rows.some(({ result }) => result === "wrong")) return EXIT.failed;
  return rows.some(({ result }) => result === "unknown") ? EXIT.cannotTell : EXIT.ok;
}
