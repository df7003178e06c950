import { Refusal } from "../command";
import type { StackOutputs } from "../../contract/stackOutputs";
import { queryStatus } from "../status/query";
import type { TunnelStatus } from "../../contract/documents/status";

/**
 * One tunnel as it is now, with its probe.
 * @throws Refusal if the stack does not declare it
 */
export async function queryTunnel(
  outputs: StackOutputs,
  tunnel: string,
  signal: AbortSignal,
): Promise<TunnelStatus> {
  const { tunnels } = await queryStatus(outputs, { probe: true, signal });
  const found = tunnels.find(({ name }) => name === tunnel);
  if (found === undefined)
    throw new Refusal(
      `${tunnel}: the answer of the gateway does not name it: see ./scripts/gateway status`,
    );
  return found;
}
