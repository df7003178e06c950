import type * as pulumi from "@pulumi/pulumi";
import type { StackConfig } from "../../config/schema";
import { forwardsFor } from "../../render/forwards";
import { HostKey, pinned } from "../ssh";
import { PortForward } from "./portForward";

/** The forwards the gateway needs on the perimeter firewall; none if the stack has no perimeter. */
export function perimeterForwards(config: StackConfig, parent: pulumi.Resource): void {
  if (config.perimeter === undefined) {
    return;
  }
  const target = { ...config.perimeter.connection };
  const { publicKey } = new HostKey("perimeter", { target }, { parent });
  const connection = pinned(target, publicKey);
  for (const forward of forwardsFor(config, config.perimeter)) {
    new PortForward(forward.name, { connection, forward }, { parent });
  }
}
