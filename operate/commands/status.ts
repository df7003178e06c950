import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { EXIT, Refusal, type Command, type Io } from "../command";
import { announced, patiently } from "../patience";
import { tunnelNamed } from "../stack/named";
import { readOutputs, type StackOutputs } from "../stack/outputs";
import { READING } from "../stack/outputsFor";
import { tunnelDetails } from "../status/details";
import { look } from "../status/look";
import type { GatewayStatus } from "../status/model";
import { statusTable } from "../status/table";

const usage = `usage: ./scripts/gateway status [NAME…] [OPTION…]

What every tunnel is, worst first: what the stack declares, what is live on the gateway, and a
ping through each tunnel, sent by the gateway itself. One SSH connection.

  proven       a ping, or other traffic where no probe is declared, crossed it both ways just now
  established  both ends agreed, but nothing was seen to cross it
  negotiating  the daemon is at it
  down         nothing there
  disabled     not wanted, by declaration
  unmanaged    live on the gateway, but not declared
  unknown      the gateway did not tell

With NAMEs, only these, with every detail.

  --json        one JSON document (see docs/operations.md); with --watch one per look, a line each
  --watch       look again every 5 seconds, until Ctrl-C; IN and OUT are then per second;
                says on stderr at once what it waits for
  --no-probe    do not ping: only traffic of others can prove a tunnel then
  --stack NAME  the stack (default: the selected one)

Examples:
  ./scripts/gateway status
  ./scripts/gateway status west --json | jq '.tunnels[0].differs'

Exit status: 0 every tunnel is proven (or disabled) and nothing else is wrong, 1 not so,
2 cannot tell, 64 called wrongly.
`;

const options = {
  json: { type: "boolean", default: false },
  watch: { type: "boolean", default: false },
  "no-probe": { type: "boolean", default: false },
  stack: { type: "string" },
} as const;

const CANNOT_TELL = 2;
const WATCH_MS = 5000;
const COLUMNS = 80;

interface View {
  readonly names: readonly string[];
  readonly json: boolean;
  readonly previous?: GatewayStatus | undefined;
}

async function run(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true });
  const waiting = values.watch ? announced : patiently;
  const outputs = await outputsOf(values.stack, io, waiting);
  if (outputs === undefined) return CANNOT_TELL;
  const view: View = { names: positionals, json: values.json };
  for (const name of positionals) tunnelNamed(outputs, name);

  const how = { probe: !values["no-probe"], signal: io.signal };
  const asking = `asking ${outputs.gateway.name}${how.probe ? ", with a ping through each tunnel" : ""}`;
  let status = await waiting(io, asking, look(outputs, how));
  show(only(status, view), view, io, false);
  while (values.watch) {
    try {
      await sleep(WATCH_MS, undefined, { signal: io.signal });
      const previous = status;
      status = await patiently(io, asking, look(outputs, how));
      show(only(status, view), { ...view, previous: only(previous, view) }, io, true);
    } catch (error) {
      if (io.signal.aborted) break;
      throw error;
    }
  }
  return verdict(only(status, view));
}

async function outputsOf(
  stack: string | undefined,
  io: Io,
  waiting: typeof patiently,
): Promise<StackOutputs | undefined> {
  try {
    return await waiting(io, READING, readOutputs({ stack, signal: io.signal }));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    io.err(`gateway: status: ${error.message}\n`);
    return undefined;
  }
}

/** What is not declared has no name to ask for: it is shown where everything is. */
function only(status: GatewayStatus, { names }: View): GatewayStatus {
  return names.length === 0
    ? status
    : { ...status, tunnels: status.tunnels.filter(({ name }) => names.includes(name)) };
}

function show(status: GatewayStatus, { names, json, previous }: View, io: Io, again: boolean) {
  if (json) {
    io.out(`${JSON.stringify(status)}\n`);
    return;
  }
  const terminal = io.columns !== undefined;
  if (again) io.out(terminal ? "\x1b[H\x1b[2J" : "\n");
  const colours = terminal && process.env.NO_COLOR === undefined;
  io.out(statusTable(status, { columns: io.columns ?? COLUMNS, colours, previous }));
  if (names.length > 0) io.out(status.tunnels.map(tunnelDetails).join(""));
}

function verdict({ tunnels, problems }: GatewayStatus): number {
  if (tunnels.some(({ state }) => state === "unknown")) return CANNOT_TELL;
  const well = tunnels.every(({ state }) => state === "proven" || state === "disabled");
  return well && problems.length === 0 ? EXIT.ok : EXIT.failed;
}

export const command: Command = {
  name: "status",
  summary: "what every tunnel is: declared, live, and proven by packets",
  usage,
  run,
};
