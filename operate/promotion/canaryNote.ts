import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { canaryNoteFile } from "../../workstation/canaryNote";
import { type CanaryNote, canaryNote } from "../../contract/canary";
import { Refusal } from "../command";
import type { StackSelection } from "../stack/pulumi";
import { watchAgain } from "./provenAgain";
import { exportState } from "../stack/state";
import { whyNot } from "./ownResources";
import { putBack } from "./putBack";

/** Before the change, so that whoever comes after a killed command knows what was there. */
export async function writeNote(stack: string, content: CanaryNote): Promise<void> {
  const file = canaryNoteFile(stack);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(`${file}.new`, JSON.stringify(content), { mode: 0o600 });
  await rename(`${file}.new`, file);
}

export async function removeNote(stack: string): Promise<void> {
  await rm(canaryNoteFile(stack), { force: true });
}

/** @throws Refusal if there is one that cannot be read */
export async function readNote(stack: string): Promise<CanaryNote | undefined> {
  const file = canaryNoteFile(stack);
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  try {
    return canaryNote.parse(JSON.parse(text));
  } catch {
    throw new Refusal(
      `${file}: says that a canary was cut off, but not which: give the tunnel its old values, run ` +
        "pulumi up, and remove the file",
    );
  }
}

/**
 * Puts a tunnel back that a killed command has changed and nobody has watched since, unless the stack
 * was brought up after it.
 *
 * @returns what was done, in words
 */
export async function settle(
  stack: string,
  { tunnel, urns, sealed: before, after }: CanaryNote,
  signal: AbortSignal,
): Promise<string> {
  const selection: StackSelection = { stack, signal };
  const change = { tunnel, urns, before, after };
  const why = whyNot(change, await exportState(selection));
  if (why !== undefined) {
    await removeNote(stack);
    return why;
  }
  await putBack(selection, change);
  await removeNote(stack);
  return `${tunnel} is as it was before ${await watchAgain(selection, tunnel)}`;
}
