import * as command from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";

export interface RemoteStepArgs {
  /** A connection with a pinned host key. */
  readonly connection: command.types.input.remote.ConnectionArgs;
  /** The command line; it must converge, as it also runs for every update. Never holds data. */
  readonly run: string;
  /** What the command reads on standard input: the whole payload, secrets included. */
  readonly stdin?: pulumi.Input<string>;
  /** The command that undoes it. Default: nothing is undone. */
  readonly undo?: string;
}

/** What a step on a host shares the fate of. */
export interface StepLifetime {
  /** When this goes, the step needs no undoing. */
  readonly deletedWith: pulumi.Resource;
  /** When this is made anew, the host is a blank one and the step runs again. */
  readonly replaceWith: pulumi.Resource[];
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
        logging: "none",
        // sshd refuses unknown variables, and the output of a step is nobody's input.
        addPreviousOutputInEnv: false,
      },
      opts,
    );
  }
}
