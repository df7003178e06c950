import { Refusal } from "../command";
import { gatewayTarget } from "../ssh/target";
import type { StackOutputs } from "../stack/outputs";
import { judge, unknownStatus } from "./judge";
import { askGateway, type LiveOptions } from "./live";
import type { GatewayStatus } from "./model";

/** Looks at the gateway once. Of one that does not tell, every tunnel is unknown. */
export async function look(outputs: StackOutputs, options: LiveOptions): Promise<GatewayStatus> {
  try {
    const live = await askGateway(gatewayTarget(outputs.gateway), outputs.tunnels, options);
    return judge(outputs, live, new Date());
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return unknownStatus(outputs, new Date(), error.message);
  }
}
