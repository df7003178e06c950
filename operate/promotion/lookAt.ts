import { Refusal } from "../command";
import type { StackOutputs } from "../stack/outputs";
import { look } from "../status/look";
import type { TunnelStatus } from "../status/model";

/**
 * One tunnel as it is now, with its probe.
 * @throws Refusal if the stack does not declare it
 */
export async function lookAt(
  outputs: StackOutputs,
  tunnel: string,
  signal: AbortSignal,
): Promise<TunnelStatus> {
  const { tunnels } = await look(outputs, { probe: true, signal });
  const found = tunnels.find(({ name }) => name === tunnel);
  if (found === undefined) throw new Refusal(`${tunnel}: the gateway tells nothing of it`);
  return found;
}
