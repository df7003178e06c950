import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { canaryNoteFile } from "../../config/canaryNote";
import { Refusal } from "../command";
import type { StackSelection } from "../stack/pulumi";
import { watchAgain } from "./provenAgain";
import { exportOf, putBack } from "./putBack";

const note = z.object({
  tunnel: z.string(),
  urns: z.array(z.string()),
  /** The state of before, with its secrets as the backend keeps them. */
  sealed: z.string(),
});
export type CanaryNote = z.output<typeof note>;

const states = z.object({
  deployment: z.object({
    resources: z.array(
      z.object({
        urn: z.string(),
        custom: z.boolean(),
        /** Only read: what the stack asks another one for its proof by, at each update. */
        external: z.boolean().default(false),
        modified: z.string().optional(),
      }),
    ),
  }),
});

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
    return note.parse(JSON.parse(text));
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
  { tunnel, urns, sealed }: CanaryNote,
  signal: AbortSignal,
): Promise<string> {
  const selection: StackSelection = { stack, signal };
  if (hasMovedOn(sealed, await exportOf(selection, []), urns)) {
    await removeNote(stack);
    return `${stack} was brought up since: ${tunnel} stays as it is`;
  }
  await putBack(selection, urns, sealed);
  await removeNote(stack);
  return `${tunnel} is as it was before ${await watchAgain(selection, tunnel)}`;
}

/** Whether something else than the canary was changed between two states. */
export function hasMovedOn(before: string, now: string, urns: readonly string[]): boolean {
  const others = (text: string): string =>
    states
      .parse(JSON.parse(text))
      .deployment.resources.filter(
        ({ urn, custom, external }) => custom && !external && !urns.includes(urn),
      )
      .map(({ urn, modified }) => `${urn} ${modified ?? ""}`)
      .sort()
      .join("\n");
  return others(before) !== others(now);
}
