import type * as pulumi from "@pulumi/pulumi";
import type { StackConfig } from "../../config/schema";
import { KSHRC, PROFILE } from "../../render/dotfiles";
import { file, type ManagedFile, type StepContext } from "./step";

/** root's own files; none if the stack does not want them. */
export function dotfiles(
  context: StepContext,
  { system }: StackConfig,
  after: readonly pulumi.Resource[],
): ManagedFile[] {
  if (!system.dotfiles) return [];
  const check = "ksh -n $1";
  return [
    file(context, "profile", { after, check, path: "/root/.profile", mode: "0644", text: PROFILE }),
    file(context, "kshrc", { after, check, path: "/root/.kshrc", mode: "0644", text: KSHRC }),
  ];
}
