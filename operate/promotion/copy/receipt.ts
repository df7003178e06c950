import { type Adopted, type Receipt, receipt } from "../../../contract/adopt";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { virsh } from "../../../hypervisor/virsh";
import type { Disk } from "../../../contract/libvirt";
import { digestOfStart, incompleteCopyOf } from "../../../hypervisor/copy/disk";
import { createVolume, removeIfThere, sizeOf } from "../../../hypervisor/volumes";
import { usedVolumes } from "../../../hypervisor/usedVolumes";

/**
 * A receipt stands behind the identity on its medium, which is there from before the copy is whole until
 * a stack has taken the new disk over.
 */
const MARK = "openbsd-ipsec-gateway: receipt ";
const BLOCK = 4096;

export const mediumOf = (disk: Disk): Disk => ({ ...disk, volume: `${disk.volume}-identity` });

export interface Medium {
  readonly disk: Disk;
  /** The copy has its identity, and has not run with a network yet. */
  readonly finish: (adopted: Adopted, signal: AbortSignal) => Promise<void>;
}

/** The medium with the identity of a copy, and with the note of whose copy it is. */
export async function makeMedium(of: Disk, to: Disk, identity: Buffer): Promise<Medium> {
  const disk = mediumOf(to);
  await removeIfThere(disk);
  const bytes = Buffer.concat([identity, block({ of: of.volume })]);
  await createVolume(disk, bytes.length);
  await upload(disk, bytes, 0);
  return {
    disk,
    finish: async (adopted, signal) => {
      const start = await digestOfStart(to, adopted.bytes, signal);
      await upload(disk, block({ of: of.volume, done: { start, adopted } }), identity.length);
    },
  };
}

/** A stack uses the disk now, which needs no note any more. */
export async function takenOver(disk: Disk): Promise<void> {
  await removeIfThere(mediumOf(disk));
}

/**
 * Whose copy a disk is that nobody has taken over yet, and what is known of it if it is whole.
 *
 * @returns undefined for a disk that is none, or that a machine has or had
 */
export async function copyState(
  disk: Disk,
  signal: AbortSignal,
): Promise<{ readonly of: string; readonly adopted?: Adopted } | undefined> {
  const incomplete = await incompleteCopyOf(disk, signal);
  const known = await receiptOf(disk);
  // Where they differ, the mark is of an older disk: its bytes came with the new one's space.
  if (incomplete !== undefined) return { of: known?.of ?? incomplete };
  if (known === undefined || (await usedVolumes(disk, [disk.volume])).has(disk.volume))
    return undefined;
  const { of, done } = known;
  if (done === undefined) return { of };
  const isSame = (await digestOfStart(disk, done.adopted.bytes, signal)) === done.start;
  return isSame ? { of, adopted: done.adopted } : undefined;
}

/** Whether a disk has the medium with its identity. */
export const hasMedium = async (disk: Disk): Promise<boolean> =>
  (await receiptOf(disk)) !== undefined;

async function receiptOf(disk: Disk): Promise<Receipt | undefined> {
  const medium = mediumOf(disk);
  if ((await sizeOf(medium)) === undefined) return undefined;
  return withFile(async (file) => {
    const { uri, pool, volume } = medium;
    await virsh(uri, "vol-download", "--pool", pool, "--vol", volume, "--file", file);
    const text = await readFile(file, "latin1");
    // A new volume may have an older one's bytes behind what was written to it.
    const [line = ""] = text.split(MARK).slice(1, 2);
    const parsed = receipt.safeParse(json(line.split("\n")[0] ?? ""));
    return parsed.data;
  });
}

function block(content: Receipt): Buffer {
  const bytes = Buffer.alloc(BLOCK);
  bytes.write(`${MARK}${JSON.stringify(content)}\n`, "latin1");
  return bytes;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function upload({ uri, pool, volume }: Disk, bytes: Buffer, offset: number): Promise<void> {
  await withFile(async (file) => {
    await writeFile(file, bytes);
    const place = ["--pool", pool, "--vol", volume, "--offset", String(offset)];
    await virsh(uri, "vol-upload", ...place, "--file", file);
  });
}

async function withFile<Result>(work: (file: string) => Promise<Result>): Promise<Result> {
  const scratch = await mkdtemp(join(tmpdir(), "gateway-identity-"));
  try {
    return await work(join(scratch, "identity"));
  } finally {
    await rm(scratch, { recursive: true });
  }
}
