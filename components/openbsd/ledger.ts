import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import type { Applied, AppliedFile } from "../../contract/applied";
import type { ManagedFile } from "./step";

/** The URNs of steps, as `pulumi state taint` takes them. */
export function urns(steps: readonly pulumi.CustomResource[]): pulumi.Output<string[]> {
  return pulumi.all(steps.map(({ urn }) => urn));
}

/** The hash says what is on the gateway without saying it; of a file with a key it stays a secret. */
export function appliedFile({ path, mode, text, steps }: ManagedFile): pulumi.Output<AppliedFile> {
  return pulumi
    .all([text, urns(steps)])
    .apply(([content, names]) => ({ path, mode, sha256: sha256(content), steps: names }));
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** What the system's own steps leave; the tunnels add theirs. */
export type AppliedSystem = Omit<Applied, "tunnels">;
