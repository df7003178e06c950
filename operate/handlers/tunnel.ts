import type { TunnelAction } from "../../contract/documents/operate";
import { json } from "../json";
import { askUntil } from "../askUntil";
import { EXIT } from "../../contract/exit";
import { Refusal, UsageError, type Io } from "../command";
import type { Args } from "../commandLine/declaration";
import { implement } from "../commandLine/implement";
import { command } from "../commands/tunnel";
import { patiently } from "../patience";
import { runRemote } from "../ssh/connection";
import { gatewayTarget } from "../ssh/target";
import { tunnelNamed } from "../stack/named";
import type { StackOutputs } from "../../contract/stackOutputs";
import type { DeclaredTunnel } from "../../contract/tunnel";
import { outputsFor } from "../stack/outputsFor";
import { queryStatus } from "../status/query";
import type { GatewayStatus, TunnelStatus } from "../../contract/documents/status";
import { disturbed, reached, type Action } from "../tunnel/action";

const POLL_MS = 1000;

/** What is to be done on the gateway, and what each tunnel should be then. */
interface Plan {
  readonly command: string;
  readonly wanted: Action;
  readonly tunnels: readonly DeclaredTunnel[];
}

interface Outcome {
  readonly name: string;
  readonly state: TunnelStatus["state"];
  readonly reached: boolean;
}

export const run = implement(command, async (args, io) => {
  const { action, timeout, json: asJson, stack } = args;
  const names = "names" in args ? args.names : [];
  const outputs = await outputsFor(io, stack);
  const plan = planFor(args, outputs);

  const before = await queryStatus(outputs, { probe: false, signal: io.signal });
  const problem = before.tunnels.some(({ state }) => state === "unknown") && before.problems[0];
  if (typeof problem === "string") throw new Refusal(problem);
  const said = await act(outputs, plan, io);
  const waiting = wait(outputs, plan, before, timeout * 1000, io);
  const { outcomes, after } = await patiently(io, `waiting, ${timeout} s at most`, waiting);
  const whole = action === "flush" || action === "start-all";
  const others = whole ? [] : disturbed(names, before.tunnels, after.tunnels);
  if (asJson) {
    io.out(json<TunnelAction>({ action, said, tunnels: outcomes, disturbed: others }));
  } else {
    for (const outcome of outcomes) io.out(`${sentence(outcome, plan)}\n`);
    if (others.length > 0) io.out(`changed meanwhile: ${others.join(", ")}\n`);
    else if (!whole && before.tunnels.length > names.length) io.out("the others: unchanged\n");
  }
  return outcomes.every((outcome) => outcome.reached) ? EXIT.ok : EXIT.failed;
});

function planFor(args: Args<typeof command>, outputs: StackOutputs): Plan {
  const { gateway, tunnels } = outputs;
  const enabled = tunnels.filter((tunnel) => tunnel.enabled);
  switch (args.action) {
    case "start-all":
      return { command: "gwctl tunnel start-all", wanted: "up", tunnels: enabled };
    case "flush":
      if (args.yes === gateway.name) {
        return { command: "gwctl tunnel flush", wanted: "kill", tunnels: enabled };
      }
      throw new UsageError(
        `flush drops all ${enabled.length} tunnels of ${gateway.name}: if that is meant, ` +
          `add --yes ${gateway.name}`,
      );
    default: {
      const { action, names } = args;
      const chosen = [...new Set(names)].map((name) => tunnelNamed(outputs, name));
      return {
        command: chosen.map(({ name }) => `gwctl tunnel ${action} ${name}`).join(" && "),
        wanted: action,
        tunnels: chosen,
      };
    }
  }
}

async function act(outputs: StackOutputs, { command }: Plan, io: Io): Promise<string[]> {
  const { signal } = io;
  const done = await runRemote(gatewayTarget(outputs.gateway), command, { signal });
  const said = done.stdout.split("\n").filter(Boolean);
  for (const line of said) io.err(`${outputs.gateway.name}: ${line}\n`);
  if (done.status !== 0) throw new Refusal(done.stderr.trim() || `status ${done.status}`);
  return said;
}

async function wait(
  outputs: StackOutputs,
  { wanted, tunnels }: Plan,
  before: GatewayStatus,
  milliseconds: number,
  io: Io,
): Promise<{ outcomes: Outcome[]; after: GatewayStatus }> {
  const probe = wanted === "up" || wanted === "restart";
  return askUntil(
    async () => {
      const after = await queryStatus(outputs, { probe, signal: io.signal });
      const outcomes = tunnels.map((tunnel): Outcome => {
        const [old, now] = [named(before, tunnel.name), named(after, tunnel.name)];
        const there = old !== undefined && now !== undefined && reached(wanted, tunnel, old, now);
        return { name: tunnel.name, state: now?.state ?? "unknown", reached: there };
      });
      return { outcomes, after };
    },
    ({ outcomes }) => outcomes.every((outcome) => outcome.reached),
    { milliseconds, every: POLL_MS, signal: io.signal },
  );
}

function named({ tunnels }: GatewayStatus, name: string): TunnelStatus | undefined {
  return tunnels.find((tunnel) => tunnel.name === name);
}

function sentence({ name, state, reached: there }: Outcome, { wanted }: Plan): string {
  if (!there) return `${name}: still ${state}: ./scripts/gateway why ${name}`;
  return wanted === "kill" ? `${name}: its SAs are gone, now ${state}` : `${name}: ${state}`;
}
