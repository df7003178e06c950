import { open, type FileHandle } from "node:fs/promises";
import { setDirectory, type Release } from "../../config/releases";
import { Refusal } from "../command";
import type { AddedFile } from "./contents";
import { readIso, readIsoFile, SECTOR, type IsoFile, type IsoImage } from "./iso9660";

const CHUNK = 512 * SECTOR;

/** Where the boot loader finds its files. */
function bootPaths(release: Release) {
  const sets = `/${setDirectory(release).toUpperCase()}`;
  return { cdbr: `${sets}/CDBR`, cdboot: `${sets}/CDBOOT`, kernel: `${sets}/BSD.RD` };
}

/**
 * Checks that an image is the amd64 install CD of the release: the same key signs an image of the
 * same name for i386.
 *
 * @throws Refusal
 */
export async function checkInstallCd(path: string, release: Release): Promise<IsoImage> {
  const image = await readIso(path);
  const { cdbr, cdboot, kernel } = bootPaths(release);
  const missing = [cdbr, cdboot, kernel].filter((name) => !image.files.has(name));
  if (missing.length > 0) {
    throw new Refusal(
      `${path}: is not the amd64 install CD of OpenBSD ${release.version}: lacks ${missing.join(", ")}`,
    );
  }
  return image;
}

/**
 * Checks an image that was made: every added file is on it as it should be, and with a source also
 * everything that was there before, and the BIOS still starts cdbr.
 *
 * @throws Refusal naming the first difference.
 */
export async function checkMedium(
  path: string,
  files: readonly AddedFile[],
  source?: { readonly path: string; readonly release: Release },
): Promise<void> {
  const wrong = (what: string) => new Refusal(`${path}: came out wrong (${what}): report this`);
  const image = source ? await checkInstallCd(path, source.release) : await readIso(path);
  for (const { path: name, bytes } of files) {
    const file = image.files.get(name.toUpperCase());
    const same = file?.size === bytes.length && (await readIsoFile(path, file)).equals(bytes);
    if (!same) throw wrong(name);
  }
  if (!source) return;

  const { cdbr } = bootPaths(source.release);
  if (image.bootSector !== image.files.get(cdbr)?.sector)
    throw wrong("the BIOS does not start cdbr");
  const before = await readIso(source.path);
  const replaced = new Set(files.map(({ path: name }) => name.toUpperCase()));
  const kept = [...before.files.values()]
    // The boot catalog holds sector numbers, so it is another one now.
    .filter(({ path: name }) => !replaced.has(name) && !name.endsWith("/BOOT.CATALOG"))
    .sort((a, b) => a.sector - b.sector);
  const handles = await Promise.all([open(source.path, "r"), open(path, "r")]);
  try {
    for (const file of kept) {
      const now = image.files.get(file.path);
      if (!now || !(await sameBytes(handles, file, now))) throw wrong(file.path);
    }
  } finally {
    await Promise.all(handles.map((handle) => handle.close()));
  }
}

async function sameBytes(
  [left, right]: readonly [FileHandle, FileHandle],
  a: IsoFile,
  b: IsoFile,
): Promise<boolean> {
  if (a.size !== b.size) return false;
  const buffers = [Buffer.alloc(CHUNK), Buffer.alloc(CHUNK)] as const;
  for (let done = 0; done < a.size; done += CHUNK) {
    const length = Math.min(CHUNK, a.size - done);
    await Promise.all([
      left.read(buffers[0], 0, length, a.sector * SECTOR + done),
      right.read(buffers[1], 0, length, b.sector * SECTOR + done),
    ]);
    if (buffers[0].compare(buffers[1], 0, length, 0, length) !== 0) return false;
  }
  return true;
}
