import { chmod, constants, copyFile, mkdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { stateDirectory } from "../../workstation/paths";
import type { VerifiedIso } from "./build";
import { needSpace, withPartial } from "./partial";
import { checkSigned } from "./signature";

/**
 * Hands over a copy of a verified ISO that only this user can reach, and verifies that. A file that is
 * checked and then read again by its name may be another one by then, where others write to its directory.
 *
 * @param name of the ISO in the signed list
 * @throws NotSigned if it was changed since it was verified
 */
export async function withOwnCopy<T>(
  from: VerifiedIso,
  name: string,
  signal: AbortSignal,
  use: (copy: VerifiedIso) => Promise<T>,
): Promise<T> {
  const directory = join(stateDirectory(), "verified");
  await mkdir(directory, { recursive: true });
  await chmod(directory, 0o700);
  return withPartial(join(directory, basename(from.iso)), { resume: false }, async ({ path }) => {
    await needSpace(directory, (await stat(from.iso)).size);
    await copyFile(from.iso, path, constants.COPYFILE_FICLONE);
    await checkSigned(from.key, from.signature, name, path, signal);
    return use({ ...from, iso: path });
  });
}
