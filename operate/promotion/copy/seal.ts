import { gib } from "../../../config/units";
import type { IsolatedMachine } from "../../../render/isolatedXml";
import { Refusal, type Io } from "../../command";
import { Progress } from "../../media/progress";
import { outputOf } from "../../ssh/connection";
import type { SshTarget } from "../../../render/sshArguments";
import type { Disk } from "../../../contract/libvirt";
import { cloneWhileOff } from "../../../hypervisor/clone";
import { readDisk } from "../../../hypervisor/copy/disk";
import { createVolume, freeIn, removeIfThere, sizeOf } from "../../../hypervisor/volumes";
import { letWork, SEAL } from "./isolated";
import { SecretSearch } from "./secrets";
import { recognisableUuid } from "./uuid";

export interface SealRequest {
  /** The gateway that is copied, and its domain and disk. */
  readonly gateway: SshTarget;
  readonly domain: string;
  readonly disk: Disk;
  readonly machine: Pick<IsolatedMachine, "domainType" | "memoryMiB" | "tcgBufferMiB">;
  /** Name of the volume beside the disk that takes the sealed copy. */
  readonly volume: string;
  /** What it must not hold. Secret. */
  readonly secrets: readonly string[];
}

export interface Sealed {
  readonly disk: Disk;
  readonly bytes: number;
  readonly sha256: string;
  /** How long the gateway was off, seconds. */
  readonly offSeconds: number;
}

/**
 * A sealed copy of a gateway's disk, beside it: without keys, seeds and logs, in used blocks and free
 * ones. The gateway is off while its disk is cloned, and comes back whatever happens.
 *
 * @throws Refusal; there is then no such volume
 */
export async function seal(request: SealRequest, io: Io): Promise<Sealed> {
  const { gateway, domain, disk, machine, volume } = request;
  const { signal } = io;
  const bytes = await checkRoom(request);
  const uuid = recognisableUuid();
  await outputOf(gateway, `gwctl seal arm ${uuid}`, { signal });

  const copy = { ...disk, volume };
  io.err(`promote: ${domain} goes off until its disk is cloned\n`);
  const began = Date.now();
  try {
    await createVolume(unsealed(copy), 1);
    await cloneWhileOff(disk, domain, volume);
    const offSeconds = Math.round((Date.now() - began) / 1000);
    io.err(`promote: ${domain} is on again after ${offSeconds} s\n`);
    signal.throwIfAborted();
    await letWork(disk.uri, { ...machine, name: volume, uuid, disk: copy }, SEAL, io);
    const search = new SecretSearch(request.secrets);
    const progress = new Progress(`promote: looking through ${volume}`, io);
    const sha256 = await readDisk(
      copy,
      bytes,
      {
        signal,
        progress: (done, total) => {
          progress.update(done, total);
        },
      },
      (window) => {
        search.feed(window);
      },
    );
    progress.end();
    await removeIfThere(unsealed(copy));
    return { disk: copy, bytes, sha256, offSeconds };
  } catch (error) {
    await removeIfThere(copy);
    await removeIfThere(unsealed(copy));
    throw error;
  }
}

/** An empty volume that is there as long as the clone holds what is the first gateway's alone. */
export const unsealed = (clone: Disk): Disk => ({ ...clone, volume: `${clone.volume}-unsealed` });

async function checkRoom({ disk, volume }: SealRequest): Promise<number> {
  const bytes = await sizeOf(disk);
  if (bytes === undefined) throw new Refusal(`pool ${disk.pool} has no volume ${disk.volume}`);
  if ((await sizeOf({ ...disk, volume })) !== undefined) {
    throw new Refusal(
      `${volume}: is in pool ${disk.pool} already: ./scripts/gateway promote --prune ${volume} removes it`,
    );
  }
  await needRoom(disk, bytes, "for the sealed copy");
  return bytes;
}

/** @throws Refusal if the pool has not that much room */
export async function needRoom({ uri, pool }: Disk, bytes: number, why: string): Promise<void> {
  const free = await freeIn(uri, pool);
  if (free < bytes) {
    throw new Refusal(
      `pool ${pool} at ${uri} has ${gib(free)} free, ${why} it takes ${gib(bytes)}: extend the ` +
        "volume group, or remove what is retained (./scripts/gateway promote --list)",
    );
  }
}
