import * as pulumi from "@pulumi/pulumi";
import { childOf, HostStep, type HostStepArgs } from "./hostStep";

/** One forward on the perimeter firewall, e.g. `udp-500`, among nothing but our own. */
export class PortForward extends pulumi.ComponentResource {
  constructor(name: string, args: HostStepArgs, opts: pulumi.ComponentResourceOptions) {
    super("openbsd-ipsec-gateway:perimeter:PortForward", name, {}, opts);
    new HostStep(name, args, childOf(this, opts));
    this.registerOutputs();
  }
}
