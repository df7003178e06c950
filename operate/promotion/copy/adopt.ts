import { GIB, gib } from "../../../config/units";
import type { CopyRequest } from "../../../contract/adopt";
import { identityMedium } from "../../../render/identity";
import { Refusal, type Io } from "../../command";
import { virsh } from "../../../hypervisor/virsh";
import { Progress } from "../../media/progress";
import type { Disk } from "../../../contract/libvirt";
import { type Copied, copyDisk, markIncomplete } from "../../../hypervisor/copy/disk";
import { createVolume, sizeOf } from "../../../hypervisor/volumes";
import { IDENTIFY, letWork } from "./isolated";
import type { Adopted } from "../../../contract/adopt";
import { copyState, makeMedium, takenOver } from "./receipt";
import { needRoom } from "./seal";
import { recognisableUuid } from "./uuid";

/**
 * A new disk with the sealed one's contents and an identity of its own, made before it ever has a
 * network. An interrupted run's disk is gone on with; any other of the name is refused.
 *
 * @throws Refusal; the new disk is then not there, or marked as incomplete
 */
export async function adopt(request: CopyRequest, io: Io): Promise<Adopted> {
  const { from, to, machine, identity } = request;
  const { signal } = io;
  const { size, isThere, adopted } = await examine(request, signal);
  if (adopted) return adopted;

  try {
    // In this order, a run that is cut off leaves a mark on the disk, or the medium beside it.
    if (isThere) await markIncomplete(from, to, signal);
    const medium = await makeMedium(from, to, identityMedium(identity));
    if (!isThere) await createVolume(to, request.bytes);
    const began = Date.now();
    const copied = await copy(request, size, io);
    const seconds = (Date.now() - began) / 1000;
    const isolated = { ...machine, name: to.volume, uuid: recognisableUuid(), disk: to };
    const { groups, transcript } = await letWork(
      to.uri,
      { ...isolated, identity: medium.disk },
      IDENTIFY,
      io,
    );
    const identified = (Date.now() - began) / 1000 - seconds;
    const made = {
      ...copied,
      hostKey: groups.hostKey ?? "",
      volumeId: await virsh(to.uri, "vol-key", "--pool", to.pool, to.volume),
      seconds: { copy: tenths(seconds), identity: tenths(identified) },
      transcript,
    };
    await medium.finish(made, signal);
    return made;
  } catch (error) {
    // A hypervisor that cannot be reached any more has what the order above has left.
    await giveUp(from, to).catch(() => undefined);
    throw error;
  }
}

/** The disk may have a part of its identity: the next run writes it anew. */
async function giveUp(from: Disk, to: Disk): Promise<void> {
  const { signal } = new AbortController();
  if ((await sizeOf(to)) !== undefined) await markIncomplete(from, to, signal);
  await takenOver(to);
}

async function copy({ from, to, sha256 }: CopyRequest, size: number, io: Io): Promise<Copied> {
  const progress = new Progress(`copy ${from.volume} to ${to.volume}`, io);
  const copied = await copyDisk(from, to, size, {
    signal: io.signal,
    sha256,
    progress: (done, total) => {
      progress.update(done, total);
    },
  });
  progress.end();
  return copied;
}

interface Examined {
  readonly size: number;
  readonly isThere: boolean;
  /** An earlier run has done it all, and nobody knows. */
  readonly adopted?: Adopted | undefined;
}

async function examine(
  { from, to, bytes, sha256 }: CopyRequest,
  signal: AbortSignal,
): Promise<Examined> {
  const size = await sizeOf(from);
  if (size === undefined) {
    throw new Refusal(`${from.volume}: is not in pool ${from.pool} at ${from.uri}: seal it again`);
  }
  if (bytes < size) {
    throw new Refusal(
      `${to.volume}: ${gib(bytes)} are too small for ${from.volume}: write machine.diskGiB: ${Math.ceil(size / GIB)}`,
    );
  }
  const there = await sizeOf(to);
  if (there === undefined) {
    await needRoom(to, bytes, "for the disk");
    return { size, isThere: false };
  }
  const copy = await copyState(to, signal);
  const adopted = copy?.adopted;
  const isOther = adopted !== undefined && adopted.sha256 !== sha256;
  if (copy?.of !== from.volume || isOther) {
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
  return { size, isThere: true, adopted };
}

const tenths = (seconds: number): number => Math.round(seconds * 10) / 10;
