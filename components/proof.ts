import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { canaryNoteFile } from "../config/canaryNote";
import { PROGRAM } from "../config/places";
import { type Proof, refusal, shapeHash, sourceOf } from "../config/promotion";
import type { StackConfig } from "../config/schema";

/** What an update of a gateway is made by; neither the operator's commands nor tests nor docs. */
const PARTS = ["index.ts", "components", "config", "render", "gateway", "package-lock.json"];

/** What a proof of this stack would say, but for the time. */
export function provable(config: StackConfig): Omit<Proof, "at"> {
  return { shape: shapeHash(config), code: codeHash(), source: sourceOf(config) };
}

/**
 * Asks the stack that `promotion.from` names for its proof, before any resource is registered.
 * @throws RunError if the update needs one and there is none that holds
 */
export async function requireProof(config: StackConfig): Promise<void> {
  const { promotion } = config;
  if (promotion === undefined || promotion.require === "off") return;
  const name = `${pulumi.getOrganization()}/${pulumi.getProject()}/${promotion.from}`;
  const details = await new pulumi.StackReference(name).getOutputDetails("proof");
  const proof = details.value as Proof | undefined;
  const problem = refusal(proof, provable(config), promotion, new Date());
  if (problem === undefined) return;
  if (promotion.require === "warn") await pulumi.log.warn(problem);
  else throw new pulumi.RunError(`${problem}; or set promotion.require to warn`);
}

/** Says that a command was killed while it watched the one tunnel that it had changed. */
export async function warnOfCanary(): Promise<void> {
  const stack = pulumi.getStack();
  if (!existsSync(canaryNoteFile(stack))) return;
  await pulumi.log.warn(
    "one tunnel was changed first, and the command that watched it did not end: ./scripts/gateway " +
      `promote --to ${stack} puts it back; an update gives all of them the new values, unwatched`,
  );
}

/** SHA-256 of the program's files, so that it needs no version control. */
export function codeHash(): string {
  const hash = createHash("sha256");
  for (const path of PARTS.flatMap(filesBelow)) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(PROGRAM, path)))
      .update("\0");
  }
  return hash.digest("hex");
}

function filesBelow(path: string): string[] {
  try {
    return readdirSync(join(PROGRAM, path), { withFileTypes: true })
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .flatMap(({ name }) => filesBelow(join(path, name)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOTDIR") return [path];
    throw error;
  }
}
