import { homedir } from "node:os";
import { parseArgs } from "node:util";
import { EXIT, Refusal, type Command, type Io } from "../command";
import { collect } from "../path/collect";
import { judge } from "../path/judge";
import type { Evidence, Row } from "../path/model";
import { parseOutside, type Outside } from "../path/outside";
import { pathTable } from "../path/table";
import { readOutputs, type StackOutputs } from "../stack/outputs";

const usage = `usage: ./scripts/gateway path [--from USER@HOST[:PORT]] [OPTION…]

The way between the peers and the gateway: whether UDP 500 and 4500 arrive, the source address and the
ports are kept (NAT, IPsec passthrough), ESP is needed and passes, and how long a packet may be in each
tunnel (pings with DF) against the MSS clamp. It looks at the forwards and flows of the firewall and at
the packets that reach the gateway; changes nothing.

  ok       seen to be right
  unseen   as declared and nothing speaks against it, but no packet showed it just now
  wrong    seen to be wrong, with what to do
  unknown  cannot be told, with the reason

  --from USER@HOST     a host outside, reached by your own ssh, that sends a few UDP datagrams to the
                       gateway's public address; it must be among the forwards' sources, as a peer is
  --identity FILE      private key for it
  --known-hosts FILE   where its host key stands (default: your own)
  --json               {"rows": [{"check", "result", "seen", "fix"}], "notes": []}
  --stack NAME         the stack (default: the selected one)

Examples:
  ./scripts/gateway path
  ./scripts/gateway path --from root@west.example.net --json | jq '.rows[] | select(.result != "ok")'

Exit status: 0 nothing is wrong, 1 something is, 2 cannot tell, 64 called wrongly.
`;

const options = {
  from: { type: "string" },
  identity: { type: "string" },
  "known-hosts": { type: "string" },
  json: { type: "boolean", default: false },
  stack: { type: "string" },
} as const;

const CANNOT_TELL = 2;
const COLUMNS = 100;

async function run(argv: readonly string[], io: Io): Promise<number> {
  const { values } = parseArgs({ args: [...argv], options });
  const outside = values.from === undefined ? undefined : outsideOf(values.from, values);
  const found = await look(values.stack, outside, io);
  if (found === undefined) return CANNOT_TELL;
  const rows = judge(found.outputs, found.evidence);
  const notes = found.evidence.silent;
  if (values.json) io.out(`${JSON.stringify({ rows, notes })}\n`);
  else {
    const colours = io.columns !== undefined && process.env.NO_COLOR === undefined;
    io.out(pathTable(rows, notes, { columns: io.columns ?? COLUMNS, colours }));
  }
  return verdict(rows);
}

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

function verdict(rows: readonly Row[]): number {
  if (rows.some(({ result }) => result === "wrong")) return EXIT.failed;
  return rows.some(({ result }) => result === "unknown") ? CANNOT_TELL : EXIT.ok;
}

export const command: Command = {
  name: "path",
  summary: "whether IKE and ESP reach the gateway unchanged, and how long packets may be",
  usage,
  run,
};
