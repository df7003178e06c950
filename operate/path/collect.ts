import { ikeAddress } from "../ikeAddress";
import { Refusal, type Io } from "../command";
import { type Machine, machines } from "../perimeter/machines";
import { runRemote } from "../ssh/connection";
import { gatewayTarget } from "../ssh/target";
import type { StackOutputs } from "../../contract/stackOutputs";
import { askGateway } from "./gatewayQuestion";
import type { Evidence, PerimeterEvidence } from "./model";
import { type Outside, runOutside } from "./outside";
import { askPerimeter } from "./perimeterQuestion";
import { probe, type Sender } from "./probe";

/**
 * Everything that can be seen, from all places at once.
 *
 * @throws Refusal if the gateway itself does not tell; a firewall that does not is part of the evidence.
 */
export async function collect(
  outputs: StackOutputs,
  outside: Outside | undefined,
  io: Io,
): Promise<Evidence> {
  const { gateway } = outputs;
  const { signal } = io;
  const firewall = firewallOf(outputs);
  if (io.terminal) io.err("asking the gateway and the machines around it…\n");
  const [told, perimeter, probed] = await Promise.all([
    askGateway(outputs, signal),
    askFirewall(firewall, ikeAddress(gateway), signal),
    probe({
      gateway: gatewayTarget(gateway),
      interface: gateway.interface,
      address: ikeAddress(gateway),
      senders: senders(outputs, firewall, outside, signal),
      signal,
    }),
  ]);
  return { gateway: told, perimeter, ...probed };
}

function firewallOf({ perimeter }: StackOutputs): Machine | undefined {
  return machines(perimeter).find(({ pieces }) => pieces[0]?.kind === "foundation");
}

async function askFirewall(
  firewall: Machine | undefined,
  gateway: string,
  signal: AbortSignal,
): Promise<PerimeterEvidence | string | undefined> {
  if (firewall === undefined) return undefined;
  try {
    return await askPerimeter(firewall, gateway, signal);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.message;
  }
}

function senders(
  { gateway }: StackOutputs,
  firewall: Machine | undefined,
  outside: Outside | undefined,
  signal: AbortSignal,
): Sender[] {
  return [
    ...(firewall === undefined
      ? []
      : [
          {
            from: "perimeter" as const,
            to: ikeAddress(gateway),
            send: (input: string) => runRemote(firewall.target, "sh -s", { input, signal }),
          },
        ]),
    ...(outside === undefined
      ? []
      : [
          {
            from: "outside" as const,
            to: gateway.publicAddress,
            send: (script: string) => runOutside(outside, script, signal),
          },
        ]),
  ];
}
