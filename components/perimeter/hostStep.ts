import type * as command from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";
import { marked } from "../../render/perimeter/marks";
import { RemoteStep } from "../openbsd/remoteStep";

/** A machine that is not ours: it was there before the stack, and stays. */
export interface Host {
  /** With a pinned host key. */
  readonly connection: command.types.input.remote.ConnectionArgs;
  /** What makes it another machine: then the step is undone on the old one first. */
  readonly identity: string;
}

export interface HostStepArgs {
  readonly host: Host;
  /** A script of render/perimeter: `sh -s apply` does it, `sh -s remove` undoes it. */
  readonly script: string;
  /** What the step leaves behind: another one runs it again. See readBack.ts. */
  readonly mark: pulumi.Output<string>;
}

/** One script on a machine of the owner's. The state keeps it, so what undoes a step is what made it. */
export class HostStep extends RemoteStep {
  constructor(
    name: string,
    { host, script, mark }: HostStepArgs,
    opts: pulumi.CustomResourceOptions,
  ) {
    super(
      name,
      {
        connection: host.connection,
        run: "sh -s apply",
        undo: "sh -s remove",
        stdin: mark.apply((word) => marked(word, script)),
        redoOn: [host.identity],
      },
      opts,
    );
  }
}

/**
 * Options of a component's only step. It waits for what the component waits for, also when both are
 * deleted: a component's own dependencies order nothing then.
 */
export function childOf(
  parent: pulumi.Resource,
  { dependsOn }: pulumi.ComponentResourceOptions,
): pulumi.CustomResourceOptions {
  return { parent, ...(dependsOn !== undefined && { dependsOn }) };
}
