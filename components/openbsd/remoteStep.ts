import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";

export interface RemoteStepArgs {
  /** A connection with a pinned host key. */
  readonly connection: command.types.input.remote.ConnectionArgs;
  /** The command line; it must converge, as it also runs for every update. Never holds data. */
  readonly run: string;
  /** What the command reads on standard input: the whole payload, secrets included. */
  readonly stdin?: pulumi.Input<string>;
  /** Default: the step outlives whatever happens to the host. */
  readonly lifetime?: HostLifetime;
  /** A change of these undoes the step where it was done, then does it anew. Default: none. */
  readonly redoOn?: readonly pulumi.Input<string>[];
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
        ...once(args),
        ...(args.stdin === undefined ? {} : { stdin: args.stdin }),
        logging: "none",
        // sshd refuses unknown variables, and the output of a step is nobody's input.
        addPreviousOutputInEnv: false,
      },
      {
        ...opts,
        ...(args.lifetime && { deletedWith: args.lifetime.host }),
        // Made anew in the other order, the undoing of the old one would take the new one away.
        ...((args.redoOn !== undefined || args.undo !== undefined) && {
          deleteBeforeReplace: true,
        }),
      },
    );
  }
}

/**
 * Runs anew for a new installation. A step that can be undone is updated for it, by a comment that
 * differs, and never replaced: Pulumi would undo the old one after the new one, on the new system.
 */
function once({
  run,
  undo,
  lifetime,
  redoOn,
}: RemoteStepArgs): Partial<command.remote.CommandArgs> {
  if (undo === undefined) {
    return { create: run, ...(lifetime && { triggers: [lifetime.installation] }) };
  }
  const create = lifetime ? pulumi.interpolate`${run}\n# ${lifetime.installation}` : run;
  // Undone first, where it was done.
  return { create, delete: undo, ...(redoOn && { triggers: [...redoOn] }) };
}
