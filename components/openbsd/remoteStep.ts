import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { GWCTL } from "./gwctlScript";

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
  /** One line; another one runs the step once more. Default: only its own inputs do. */
  readonly again?: pulumi.Input<string>;
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
        ...once({ ...args, run: whole(args) }),
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

/** What a step that changes nothing prints, which is no secret. Pulumi's command drops the last line feed. */
export function printed({ stdout }: RemoteStep): pulumi.Output<string> {
  return pulumi.unsecret(stdout).apply((text) => `${text.trimEnd()}\n`);
}

/**
 * Runs anew for a new installation. A step that can be undone is updated for it, by a comment that
 * differs, and never replaced: Pulumi would undo the old one after the new one, on the new system.
 */
function once({
  run,
  undo,
  lifetime,
  again,
  redoOn,
}: Omit<RemoteStepArgs, "run"> & {
  readonly run: pulumi.Input<string>;
}): Partial<command.remote.CommandArgs> {
  if (undo === undefined) {
    const create = commented(run, again);
    return { create, ...(lifetime && { triggers: [lifetime.installation] }) };
  }
  // Undone first, where it was done.
  return {
    create: commented(run, lifetime?.installation, again),
    delete: undo,
    ...(redoOn && { triggers: [...redoOn] }),
  };
}

/** What differs runs again, by an update. */
function commented(
  run: pulumi.Input<string>,
  ...comments: readonly (pulumi.Input<string> | undefined)[]
): pulumi.Input<string> {
  const given = comments.filter((comment) => comment !== undefined);
  if (given.length === 0) return run;
  return pulumi
    .all([run, ...given])
    .apply(([first, ...lines]) => [first, ...lines.map((line) => `# ${line}`)].join("\n"));
}

/**
 * gwctl refuses a payload that a broken connection cut off. Its size is not secret: the state shows it by
 * the length of what is encrypted. Of a key that is the length alone, which is 20 or more (GW060).
 */
function whole({ run, stdin }: RemoteStepArgs): pulumi.Input<string> {
  const [program, words] = [run.slice(0, GWCTL.length), run.slice(GWCTL.length)];
  if (program !== GWCTL || stdin === undefined || stdin === "") return run;
  const sized = (text: string): string => `${program} --bytes ${Buffer.byteLength(text)}${words}`;
  return typeof stdin === "string"
    ? sized(stdin)
    : pulumi.unsecret(pulumi.output(stdin)).apply(sized);
}
