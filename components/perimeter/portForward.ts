import type * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { type Forward, nftForward } from "../../render/nftForward";
import { RemoteStep } from "../openbsd/remoteStep";

export interface PortForwardArgs {
  /** Connection to the perimeter firewall, with a pinned host key. */
  readonly connection: command.types.input.remote.ConnectionArgs;
  readonly forward: Forward;
}

/** One forward on the perimeter firewall, e.g. `udp-500`, in a table of our own. */
export class PortForward extends pulumi.ComponentResource {
  constructor(name: string, args: PortForwardArgs, opts: pulumi.ComponentResourceOptions) {
    super("openbsd-ipsec-gateway:perimeter:PortForward", name, {}, opts);
    const { load, apply, remove } = nftForward(args.forward);
    new RemoteStep(
      name,
      { connection: args.connection, run: load, stdin: apply, undo: remove },
      { parent: this },
    );
    this.registerOutputs();
  }
}
