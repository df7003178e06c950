import { runRemote } from "../ssh/connection";
import { gatewayTarget } from "../ssh/target";
import { Refusal } from "../command";
import type { GatewayOutput } from "../../contract/stackOutputs";

const ANSWER_MS = 30_000;

/** Whether a gateway answers at its own address, with the host key that its stack pins. */
export async function answersAtItsAddress(
  gateway: Pick<GatewayOutput, "name" | "address" | "hostKey" | "ssh">,
): Promise<boolean> {
  const signal = AbortSignal.timeout(ANSWER_MS);
  try {
    return (await runRemote(gatewayTarget(gateway), "true", { signal })).status === 0;
  } catch (error) {
    if (error instanceof Refusal || signal.aborted) return false;
    throw error;
  }
}
