import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Identity, identityMedium } from "../../../render/identity";
import type { IsolatedMachine } from "../../../render/isolatedXml";
import { Refusal, type Io } from "../../command";
import { virsh } from "../../console/virsh";
import { Progress } from "../../media/progress";
import { type Copied, copyDisk, type Disk, incompleteCopyOf, markIncomplete, sizeOf } from "./disk";
import { IDENTIFY, letWork } from "./isolated";
import { gib, needRoom, removeIfThere } from "./seal";
import { recognisableUuid } from "./uuid";

export interface AdoptRequest {
  /** The sealed disk. */
  readonly from: Disk;
  /** Of the sealed disk. Absent: whatever it has. */
  readonly sha256?: string | undefined;
  /** The disk that is made. */
  readonly to: Disk;
  /** Size of the new disk, bytes; not smaller than the sealed one. */
  readonly bytes: number;
  readonly machine: Pick<IsolatedMachine, "domainType" | "memoryMiB" | "tcgBufferMiB">;
  readonly identity: Identity;
}

export interface Adopted extends Copied {
  /** Of the new gateway, as it told it on its console: `ssh-ed25519 AAAA…`. */
  readonly hostKey: string;
  /** libvirt's key of the volume. */
  readonly volumeId: string;
  readonly seconds: { readonly copy: number; readonly identity: number };
  readonly transcript: string;
}

/**
 * A new disk with the sealed one's contents and an identity of its own, made before it ever has a
 * network. An interrupted run's disk is gone on with; any other of the name is refused.
 *
 * @throws Refusal; the new disk is then not there, or marked as incomplete
 */
export async function adopt(request: AdoptRequest, io: Io): Promise<Adopted> {
  const { from, to, machine, identity } = request;
  const { signal } = io;
  const size = await prepare(request, signal);

  const began = Date.now();
  const progress = new Progress(`copy ${from.volume} to ${to.volume}`, io);
  const options = {
    signal,
    sha256: request.sha256,
    progress: (done: number, total: number) => {
      progress.update(done, total);
    },
  };
  const copied = await copyDisk(from, to, size, options);
  progress.end();
  const copy = (Date.now() - began) / 1000;

  const medium = { ...to, volume: `${to.volume}-identity` };
  await removeIfThere(medium);
  const isolated = { ...machine, name: to.volume, uuid: recognisableUuid(), disk: to };
  try {
    await upload(medium, identityMedium(identity));
    const { groups, transcript } = await letWork(
      to.uri,
      { ...isolated, identity: medium },
      IDENTIFY,
      io,
    );
    const identified = (Date.now() - began) / 1000 - copy;
    return {
      ...copied,
      hostKey: groups.hostKey ?? "",
      volumeId: await virsh(to.uri, "vol-key", "--pool", to.pool, to.volume),
      seconds: { copy: tenths(copy), identity: tenths(identified) },
      transcript,
    };
  } catch (error) {
    // It has begun to be somebody: the next run writes it anew.
    await markIncomplete(from, to, new AbortController().signal).catch(() => undefined);
    throw error;
  } finally {
    await removeIfThere(medium);
  }
}

async function prepare({ from, to, bytes }: AdoptRequest, signal: AbortSignal): Promise<number> {
  const size = await sizeOf(from);
  if (size === undefined) {
    throw new Refusal(`${from.volume}: is not in pool ${from.pool} at ${from.uri}: seal it again`);
  }
  if (bytes < size) {
    throw new Refusal(
      `${to.volume}: ${gib(bytes)} are too small for ${from.volume}: write machine.diskGiB: ${Math.ceil(size / 1024 ** 3)}`,
    );
  }
  const there = await sizeOf(to);
  if (there === undefined) {
    await needRoom(to, bytes, "for the disk");
    const name = [to.pool, to.volume, String(bytes), "--format", "raw"];
    await virsh(to.uri, "vol-create-as", ...name);
    await markIncomplete(from, to, signal);
    return size;
  }
  if ((await incompleteCopyOf(to, signal)) !== from.volume) {
    throw new Refusal(
      `${to.volume}: is in pool ${to.pool} at ${to.uri} already, and no unfinished copy of ` +
        `${from.volume}: it was not touched; name another one (source.disk.volume)`,
    );
  }
  if (there < size) {
    throw new Refusal(
      `${to.volume}: is an unfinished copy that is too small: ./scripts/gateway promote --prune ${to.volume}`,
    );
  }
  return size;
}

async function upload({ uri, pool, volume }: Disk, bytes: Buffer): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), "gateway-identity-"));
  try {
    const file = join(scratch, "identity");
    await writeFile(file, bytes);
    await virsh(uri, "vol-create-as", pool, volume, String(bytes.length), "--format", "raw");
    await virsh(uri, "vol-upload", "--pool", pool, "--vol", volume, "--file", file);
  } finally {
    await rm(scratch, { recursive: true });
  }
}

const tenths = (seconds: number): number => Math.round(seconds * 10) / 10;
