import { types } from "node:util";
import { networkPairs } from "../../config/pairs";
import { gatewayTarget } from "../ssh/target";
import type { StackOutputs } from "../../contract/stackOutputs";
import type { StackSelection } from "../stack/pulumi";
import { assess } from "../status/assess";
import type { LiveOptions } from "../status/live";
import type { GatewayStatus } from "../../contract/documents/status";
import { diagnose } from "../why/diagnose";
import type { Facts } from "../why/facts";
import { explanationOf } from "./explanation";
import type { Declaration, Explanation, Source } from "./source";
import { secondsBetween, type Clock, type Moment } from "./time";

/** Reading the stack costs a second of the engine, so it is not done each time the gateway is asked. */
export const REREAD_SECONDS = 600;
/** Sooner when something is not as declared: `pulumi up` may just have run. */
export const SUSPICIOUS_SECONDS = 60;

const NOT_DECLARED: Explanation = {
  cause: "the gateway has this tunnel, but the stack does not declare it",
  fix: "declare it (./scripts/gateway import reads existing files), or remove it from the gateway",
  evidence: [],
};

export interface StackReaders {
  readonly readOutputs: (selection: StackSelection) => Promise<StackOutputs>;
  readonly askGateway: (
    target: ReturnType<typeof gatewayTarget>,
    tunnels: StackOutputs["tunnels"],
    options: LiveOptions,
  ) => Promise<Parameters<typeof assess>[1]>;
  readonly askWhy: (
    outputs: StackOutputs,
    tunnel: StackOutputs["tunnels"][number],
    signal: AbortSignal,
  ) => Promise<Facts>;
  readonly clock: Clock;
}

/**
 * A gateway as the stack declares it, asked over SSH. An answer that never came is an error here, not
 * a status: how old the last one may get is for who shows it to say.
 *
 * @throws Refusal if the stack cannot be read at the start.
 */
export async function stackSource(
  selection: StackSelection,
  { readOutputs, askGateway, askWhy, clock }: StackReaders,
): Promise<Source> {
  let outputs = await readOutputs(selection);
  let read = clock.now();
  let suspicious = false;
  let unread: string | undefined;

  const reread = async (signal: AbortSignal, now: Moment): Promise<void> => {
    const age = secondsBetween(read, now);
    if (age < (suspicious || unread !== undefined ? SUSPICIOUS_SECONDS : REREAD_SECONDS)) return;
    read = now;
    try {
      outputs = await readOutputs({ ...selection, signal });
      unread = undefined;
    } catch (error) {
      if (signal.aborted) throw error;
      unread = types.isNativeError(error) ? error.message : String(error);
    }
  };

  return {
    declaration: declarationOf(outputs),
    collect: async (signal) => {
      await reread(signal, clock.now());
      try {
        const { gateway, tunnels } = outputs;
        const live = await askGateway(gatewayTarget(gateway), tunnels, { probe: true, signal });
        const status = assess(outputs, live, new Date(clock.now().wall));
        suspicious = status.tunnels.some(
          ({ state, differs }) => state === "unmanaged" || differs.length > 0,
        );
        return unread === undefined ? status : withProblem(status, unread);
      } catch (error) {
        suspicious = true;
        throw error;
      }
    },
    explain: async (name, signal) => {
      const tunnel = outputs.tunnels.find((declared) => declared.name === name);
      if (tunnel === undefined) return NOT_DECLARED;
      return explanationOf(diagnose(await askWhy(outputs, tunnel, signal)));
    },
  };
}

function withProblem(status: GatewayStatus, message: string): GatewayStatus {
  const problem = `the stack cannot be read, so tunnels declared lately are missing: ${message}`;
  return { ...status, problems: [...status.problems, problem] };
}

function declarationOf({ gateway, tunnels }: StackOutputs): Declaration {
  const { name, address, daemon } = gateway;
  return {
    gateway: { name, address, daemon },
    tunnels: tunnels.map((tunnel) => ({
      name: tunnel.name,
      peer: tunnel.peer,
      daemon: tunnel.ikeVersion === 2 ? "iked" : "isakmpd",
      networks: networkPairs(tunnel),
    })),
  };
}
