import type * as command from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";
import { GWCTL } from "./gwctlScript";
import { RemoteStep, type HostLifetime } from "./remoteStep";

/** What all steps on one gateway have in common. */
export interface StepContext {
  readonly connection: command.types.input.remote.ConnectionArgs;
  readonly lifetime: HostLifetime;
  readonly parent: pulumi.Resource;
}

export interface StepArgs {
  readonly after: readonly pulumi.Resource[];
  readonly run: string;
  readonly stdin: pulumi.Input<string>;
  readonly undo?: string;
}

export function step(context: StepContext, name: string, args: StepArgs): RemoteStep {
  const { connection, lifetime, parent } = context;
  const { after, ...rest } = args;
  return new RemoteStep(name, { connection, lifetime, ...rest }, { parent, dependsOn: [...after] });
}

export interface FileArgs {
  readonly after: readonly pulumi.Resource[];
  readonly path: string;
  /** Such as 0644; the owner is root:wheel. */
  readonly mode: string;
  readonly text: string;
  /** Commands for sh(1), without single quotes: before the file is replaced, and after it was. */
  readonly check?: string;
  readonly activate?: string;
  readonly undo?: string;
}

/** A text that is on the gateway once the steps ran. */
export interface ManagedFile extends Pick<FileArgs, "path" | "mode"> {
  readonly text: pulumi.Input<string>;
  /** The last one ends when the text is settled. */
  readonly steps: readonly pulumi.CustomResource[];
}

/** One file that is replaced, and activated only if its text changed. */
export function file(context: StepContext, name: string, args: FileArgs): ManagedFile {
  const { after, path, mode, text, check, activate, undo } = args;
  const run = [
    `${GWCTL} put ${path} ${mode} root:wheel`,
    ...(check === undefined ? [] : [`--check '${check}'`]),
    ...(activate === undefined ? [] : [`--activate '${activate}'`]),
  ].join(" ");
  const made = step(context, name, {
    after,
    run,
    stdin: text,
    ...(undo !== undefined && { undo }),
  });
  return { path, mode, text, steps: [made] };
}
