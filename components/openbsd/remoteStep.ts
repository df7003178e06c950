import * as command from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";

export interface RemoteStepArgs {
  /** A connection with a pinned host key. */
  readonly connection: command.types.input.remote.ConnectionArgs;
  /** The command line; it must converge, as it also runs for every update. Never holds data. */
  readonly run: string;
  /** What the command reads on standard input: the whole payload, secrets included. */
  readonly stdin?: pulumi.Input<string>;
  /** Default: the step outlives whatever happens to the host. */
  readonly lifetime?: HostLifetime;
  /** The command that undoes it. Default: nothing is undone. */
  readonly undo?: string;
}

/** What a step on a host shares the fate of. */
export interface HostLifetime {
  /** When this goes, the step needs no undoing. */
  readonly host: pulumi.Resource;
  /** Identity of the installed system: a new one is a blank one, on which the step runs again. */
  readonly installation: pulumi.Input<string>;
}

/** One idempotent command on a host, re-run when its input changed. */
export class RemoteStep extends command.remote.Command {
  constructor(name: string, args: RemoteStepArgs, opts: pulumi.CustomResourceOptions) {
    super(
      name,
      {
        connection: args.connection,
        create: args.run,
        ...(args.stdin === undefined ? {} : { stdin: args.stdin }),
        ...(args.undo === undefined ? {} : { delete: args.undo }),
        ...(args.lifetime === undefined ? {} : { triggers: [args.lifetime.installation] }),
        logging: "none",
        // sshd refuses unknown variables, and the output of a step is nobody's input.
        addPreviousOutputInEnv: false,
      },
      args.lifetime === undefined ? opts : { ...opts, deletedWith: args.lifetime.host },
    );
  }
}
