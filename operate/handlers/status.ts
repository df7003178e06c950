import { json } from "../json";
import { setTimeout as sleep } from "node:timers/promises";
import { EXIT } from "../../contract/exit";
import { Refusal, type Io } from "../command";
import { implement } from "../commandLine/implement";
import { command } from "../commands/status";
import { announced, patiently } from "../patience";
import { tunnelNamed } from "../stack/named";
import type { StackOutputs } from "../../contract/stackOutputs";
import { readOutputs } from "../stack/outputs";
import { READING } from "../stack/outputsFor";
import { tunnelDetails } from "../status/details";
import { queryStatus } from "../status/query";
import type { GatewayStatus } from "../../contract/documents/status";
import { statusTable } from "../status/table";
import { CLEAR_SCREEN } from "../terminal";

const WATCH_MS = 5000;
const COLUMNS = 80;

interface View {
  readonly names: readonly string[];
  readonly asJson: boolean;
  readonly previous?: GatewayStatus | undefined;
}

export const run = implement(
  command,
  async ({ names, json: asJson, watch, "no-probe": noProbe, stack }, io) => {
    const waiting = watch ? announced : patiently;
    const outputs = await outputsOf(stack, io, waiting);
    if (outputs === undefined) return EXIT.cannotTell;
    const view: View = { names, asJson };
    for (const name of names) tunnelNamed(outputs, name);

    const how = { probe: !noProbe, signal: io.signal };
    const asking = `asking ${outputs.gateway.name}${how.probe ? ", with a ping through each tunnel" : ""}`;
    let status = await waiting(io, asking, queryStatus(outputs, how));
    show(only(status, view), view, io, false);
    while (watch) {
      try {
        await sleep(WATCH_MS, undefined, { signal: io.signal });
        const previous = status;
        status = await patiently(io, asking, queryStatus(outputs, how));
        show(only(status, view), { ...view, previous: only(previous, view) }, io, true);
      } catch (error) {
        if (io.signal.aborted) break;
        throw error;
      }
    }
    return verdict(only(status, view));
  },
);

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

function show(status: GatewayStatus, { names, asJson, previous }: View, io: Io, again: boolean) {
  if (asJson) {
    io.out(json<GatewayStatus>(status));
    return;
  }
  const terminal = io.columns !== undefined;
  if (again) io.out(terminal ? CLEAR_SCREEN : "\n");
  const colours = terminal && process.env.NO_COLOR === undefined;
  io.out(statusTable(status, { columns: io.columns ?? COLUMNS, colours, previous }));
  if (names.length > 0) io.out(status.tunnels.map(tunnelDetails).join(""));
}

function verdict({ tunnels, problems }: GatewayStatus): number {
  if (tunnels.some(({ state }) => state === "unknown")) return EXIT.cannotTell;
  const well = tunnels.every(({ state }) => state === "proven" || state === "disabled");
  return well && problems.length === 0 ? EXIT.ok : EXIT.failed;
}
