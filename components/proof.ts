import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { canaryNoteFile } from "../workstation/canaryNote";
import { PROGRAM } from "../workstation/paths";
import type { StackConfig } from "../config/schema";
import type { Proof, Provable } from "../contract/proof";
import { refusal, shapeHash, sourceOf } from "./promotion";

/**
 * What an update of a gateway runs: the program, the operator's commands that it calls for disks and
 * installations, and what says which engine, providers and packages they run on. Neither tests nor docs
 * nor the lab.
 */
export const PARTS = [
  "index.ts",
  "components",
  "config",
  "contract",
  "hypervisor",
  "render",
  "parse",
  "operate",
  "workstation",
  "gateway",
  "sdks",
  "scripts/gateway",
  "scripts/lib/hypervisor-ssh",
  "scripts/toolchain",
  "lab/toolchain",
  "Pulumi.yaml",
  "package.json",
  "package-lock.json",
  "tsconfig.json",
];

/** Folders that npm and builds make, different on each machine: no part of the program's hash. */
const MADE = new Set(["bin", "node_modules"]);

/** What a proof of this stack would say, but for the time. */
export async function provable(config: StackConfig): Promise<Provable> {
  return { shape: shapeHash(config), code: await codeHash(), source: sourceOf(config) };
}

/**
 * Asks the stack that `promotion.from` names for its proof, before any resource is registered.
 * @param current what a proof of this stack would say
 * @throws RunError if the update needs one and there is none that holds
 */
export async function requireProof(
  { promotion }: StackConfig,
  current: Promise<Provable>,
): Promise<void> {
  if (promotion === undefined || promotion.require === "off") return;
  const name = `${pulumi.getOrganization()}/${pulumi.getProject()}/${promotion.from}`;
  const details = await new pulumi.StackReference(name).getOutputDetails("proof");
  const proof = details.value as Proof | undefined;
  const problem = refusal(proof, await current, promotion, new Date());
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

/** SHA-256 of {@link PARTS} and of what runs them, so that it needs no version control. */
export async function codeHash(): Promise<string> {
  return hashOf(PROGRAM, [process.version, await engineVersion()]);
}

/** @param versions of what is not among the files */
export function hashOf(root: string, versions: readonly string[]): string {
  const hash = createHash("sha256");
  for (const path of PARTS.flatMap((part) => filesBelow(root, part))) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update("\0");
  }
  for (const version of versions) hash.update(`${version}\0`);
  return hash.digest("hex");
}

/**
 * Pulumi does not give its version to a program; the engine that runs it is the first in PATH. Of this
 * process's environment it gets no more than it needs: with PULUMI_LOG_OTLP_ENDPOINT, which the engine
 * sets, it waits five seconds at its end until its log is taken, and PULUMI_CONFIG holds the stack's secrets.
 */
function engineVersion(): Promise<string> {
  const { PATH, HOME, PULUMI_HOME } = process.env;
  const env = { PATH, HOME, PULUMI_HOME, PULUMI_SKIP_UPDATE_CHECK: "true" };
  return new Promise((resolve) => {
    execFile("pulumi", ["version"], { env, timeout: 10_000 }, (_error, stdout) => {
      resolve(stdout.trim());
    });
  });
}

function filesBelow(root: string, path: string): string[] {
  try {
    return readdirSync(join(root, path), { withFileTypes: true })
      .filter(({ name }) => !MADE.has(name))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .flatMap(({ name }) => filesBelow(root, join(path, name)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOTDIR") return [path];
    throw error;
  }
}
