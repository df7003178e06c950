import { Refusal } from "../command";
import { gatewayTarget } from "../ssh/target";
import type { StackOutputs } from "../../contract/stackOutputs";
import { assess, unknownStatus } from "./assess";
import { askGateway, type LiveOptions } from "./live";
import type { GatewayStatus } from "../../contract/documents/status";

/** Looks at the gateway once. Of one that does not tell, every tunnel is unknown. */
export async function queryStatus(
  outputs: StackOutputs,
  options: LiveOptions,
): Promise<GatewayStatus> {
  try {
    const live = await askGateway(gatewayTarget(outputs.gateway), outputs.tunnels, options);
    return assess(outputs, live, new Date());
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return unknownStatus(outputs, new Date(), error.message);
  }
}
