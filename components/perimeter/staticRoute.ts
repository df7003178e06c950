import * as pulumi from "@pulumi/pulumi";
import { childOf, HostStep, type HostStepArgs } from "./hostStep";

/** One route on a host, e.g. `route-10.20.0.0-16`: a network behind a tunnel, by the gateway. */
export class StaticRoute extends pulumi.ComponentResource {
  constructor(name: string, args: HostStepArgs, opts: pulumi.ComponentResourceOptions) {
    super("openbsd-ipsec-gateway:perimeter:StaticRoute", name, {}, opts);
    new HostStep(name, args, childOf(this, opts));
    this.registerOutputs();
  }
}
