import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { EXIT, Refusal, UsageError, type Command, type Io } from "../command";
import { patiently } from "../patience";
import { runRemote } from "../ssh/connection";
import { gatewayTarget } from "../ssh/target";
import { tunnelNamed } from "../stack/named";
import type { DeclaredTunnel, StackOutputs } from "../stack/outputs";
import { outputsFor } from "../stack/outputsFor";
import { look } from "../status/look";
import type { GatewayStatus, TunnelStatus } from "../status/model";
import { ACTIONS, disturbed, reached, type Action } from "../tunnel/goal";

const usage = `usage: ./scripts/gateway tunnel up|down|restart|kill NAME… [OPTION…]
       ./scripts/gateway tunnel flush --yes GATEWAY [OPTION…]
       ./scripts/gateway tunnel start-all [OPTION…]

One tunnel at a time; the others keep their associations. Waits until the tunnel is what was asked
for, or says what it still is.

  up         take it up again after a down
  down       take it down, until up; status shows that this differs from the declaration
  restart    drop its associations and negotiate at once; for a tunnel that hangs
  kill       drop its associations and leave the rest to the daemons
  flush      drop every association of the gateway; needs the gateway's name
  start-all  take up everything that is down by hand, and negotiate all that is not there

  --timeout SECONDS  how long to wait (default: 120)
  --yes GATEWAY      the name of the gateway whose tunnels are all to be dropped
  --json             print one JSON document
  --stack NAME       the stack (default: the selected one)

Examples:
  ./scripts/gateway tunnel restart west
  ./scripts/gateway tunnel flush --yes gw

Exit status: 0 done and seen, 1 refused, failed or not reached in time, 64 called wrongly.
`;

const options = {
  timeout: { type: "string", default: "120" },
  yes: { type: "string" },
  json: { type: "boolean", default: false },
  stack: { type: "string" },
} as const;

const POLL_MS = 1000;

/** What is to be done on the gateway, and what each tunnel should be then. */
interface Plan {
  readonly command: string;
  readonly goal: Action;
  readonly tunnels: readonly DeclaredTunnel[];
}

interface Outcome {
  readonly name: string;
  readonly state: string;
  readonly reached: boolean;
}

async function run(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true });
  const [action = "", ...names] = positionals;
  const seconds = Number(values.timeout);
  if (!/^\d{1,5}$/.test(values.timeout)) throw new UsageError("--timeout: write seconds");
  if (![...ACTIONS, "flush", "start-all"].includes(action)) {
    const turned = names.find((name) => ACTIONS.includes(name as Action));
    throw new UsageError(
      turned === undefined
        ? "give up, down, restart, kill, flush or start-all: see --help"
        : `the action comes first: tunnel ${turned} ${[action, ...names.filter((name) => name !== turned)].join(" ")}`,
    );
  }
  const outputs = await outputsFor(io, values.stack);
  const plan = planFor(action, names, outputs, values.yes);

  const before = await look(outputs, { probe: false, signal: io.signal });
  const problem = before.tunnels.some(({ state }) => state === "unknown") && before.problems[0];
  if (typeof problem === "string") throw new Refusal(problem);
  const said = await act(outputs, plan, io);
  const waiting = wait(outputs, plan, before, seconds * 1000, io);
  const { outcomes, after } = await patiently(io, `waiting, ${seconds} s at most`, waiting);
  const whole = action === "flush" || action === "start-all";
  const others = whole ? [] : disturbed(names, before.tunnels, after.tunnels);
  if (values.json) {
    io.out(`${JSON.stringify({ action, said, tunnels: outcomes, disturbed: others })}\n`);
  } else {
    for (const outcome of outcomes) io.out(`${sentence(outcome, plan)}\n`);
    if (others.length > 0) io.out(`changed meanwhile: ${others.join(", ")}\n`);
    else if (!whole && before.tunnels.length > names.length) io.out("the others: unchanged\n");
  }
  return outcomes.every((outcome) => outcome.reached) ? EXIT.ok : EXIT.failed;
}

function planFor(
  action: string,
  names: readonly string[],
  outputs: StackOutputs,
  yes: string | undefined,
): Plan {
  const { gateway, tunnels } = outputs;
  const enabled = tunnels.filter((tunnel) => tunnel.enabled);
  if (action === "flush" || action === "start-all") {
    if (names.length > 0) throw new UsageError(`${action}: is for all tunnels, give no NAME`);
    if (action === "start-all") {
      return { command: "gwctl tunnel start-all", goal: "up", tunnels: enabled };
    }
    if (yes !== gateway.name) {
      throw new UsageError(
        `flush drops all ${enabled.length} tunnels of ${gateway.name}: if that is meant, ` +
          `add --yes ${gateway.name}`,
      );
    }
    return { command: "gwctl tunnel flush", goal: "kill", tunnels: enabled };
  }
  if (names.length === 0) throw new UsageError(`${action}: which? Give the NAME of a tunnel`);
  const wanted = [...new Set(names)].map((name) => tunnelNamed(outputs, name));
  return {
    command: wanted.map(({ name }) => `gwctl tunnel ${action} ${name}`).join(" && "),
    goal: action as Action,
    tunnels: wanted,
  };
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
  { goal, tunnels }: Plan,
  before: GatewayStatus,
  patience: number,
  io: Io,
): Promise<{ outcomes: Outcome[]; after: GatewayStatus }> {
  const until = Date.now() + patience;
  for (;;) {
    const after = await look(outputs, { probe: goal === "up" || goal === "restart", ...io });
    const outcomes = tunnels.map((tunnel): Outcome => {
      const [old, now] = [named(before, tunnel.name), named(after, tunnel.name)];
      const there = old !== undefined && now !== undefined && reached(goal, tunnel, old, now);
      return { name: tunnel.name, state: now?.state ?? "unknown", reached: there };
    });
    if (outcomes.every((outcome) => outcome.reached) || Date.now() >= until) {
      return { outcomes, after };
    }
    await sleep(POLL_MS, undefined, { signal: io.signal });
  }
}

function named({ tunnels }: GatewayStatus, name: string): TunnelStatus | undefined {
  return tunnels.find((tunnel) => tunnel.name === name);
}

function sentence({ name, state, reached: there }: Outcome, { goal }: Plan): string {
  if (!there) return `${name}: still ${state}: ./scripts/gateway why ${name}`;
  return goal === "kill" ? `${name}: its associations are gone, now ${state}` : `${name}: ${state}`;
}

export const command: Command = {
  name: "tunnel",
  summary: "takes one tunnel up or down, or ends one that hangs; the others stay",
  usage,
  run,
};
