import { spawn } from "node:child_process";
import type { IsolatedMachine } from "../../../render/isolatedXml";
import { Refusal, type Io } from "../../command";
import { virsh, virshEnvironment, VirshFailed } from "../../console/virsh";
import { Progress } from "../../media/progress";
import { outputOf } from "../../ssh/connection";
import type { SshTarget } from "../../../render/sshArguments";
import { type Disk, readDisk, sizeOf } from "./disk";
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

// In a session of its own, deaf to signals and without a pipe to us: whatever becomes of the program
// that started it, the gateway is on again when it ends. The exit status says what failed.
const CLONE = `trap '' HUP INT TERM PIPE
v() { virsh -q -c "$URI" "$@" >/dev/null 2>&1; }
state() { virsh -q -c "$URI" domstate "$DOMAIN" 2>/dev/null; }
v shutdown --mode acpi "$DOMAIN" || exit 3
waited=0
while [ "$(state)" = running ]; do
  [ "$waited" -lt 120 ] || exit 4
  sleep 1
  waited=$((waited + 1))
done
v vol-clone --pool "$POOL" "$VOLUME" "$CLONE"
cloned=$?
tries=0
until v start "$DOMAIN" || [ "$(state)" = running ]; do
  [ "$tries" -lt 30 ] || exit 6
  sleep 2
  tries=$((tries + 1))
done
[ "$cloned" -eq 0 ] || exit 5`;

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

export async function createVolume({ uri, pool, volume }: Disk, bytes: number): Promise<void> {
  await virsh(uri, "vol-create-as", pool, volume, String(bytes), "--format", "raw");
}

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
  const info = await virsh(uri, "pool-info", "--bytes", pool);
  const free = Number(/^Available:\s*(\d+)/m.exec(info)?.[1] ?? 0);
  if (free < bytes) {
    throw new Refusal(
      `pool ${pool} at ${uri} has ${gib(free)} free, ${why} it takes ${gib(bytes)}: extend the ` +
        "volume group, or remove what is retained (./scripts/gateway promote --list)",
    );
  }
}

export const gib = (bytes: number): string => `${(bytes / 1024 ** 3).toFixed(1)} GiB`;

export async function removeIfThere({ uri, pool, volume }: Disk): Promise<void> {
  try {
    await virsh(uri, "vol-delete", "--pool", pool, volume);
  } catch (error) {
    if (!(error instanceof VirshFailed) || !/no storage vol|failed to get vol/i.test(error.message))
      throw error;
  }
}

const CLONE_FAILURES: Readonly<Record<number, string>> = {
  3: "could not be told to shut down; it was not touched",
  4: "did not shut down within 120 s: it still runs, and nothing was copied",
  5: "could not be cloned; the gateway is on again: look at the pool's space and the hypervisor's log",
  6: "is off and does not start: virsh start it, and look at the hypervisor's log",
};

/**
 * The gateway goes off, its disk is cloned, and it comes on again whatever happens meanwhile.
 *
 * @throws Refusal saying which of that failed
 */
export function cloneWhileOff(
  { uri, pool, volume }: Disk,
  domain: string,
  clone: string,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn("/bin/sh", ["-c", CLONE], {
      detached: true,
      stdio: "ignore",
      env: {
        ...virshEnvironment(),
        ...{ URI: uri, POOL: pool, VOLUME: volume, CLONE: clone, DOMAIN: domain },
      },
    });
    child.once("error", reject);
    child.once("close", (status) => {
      if (status === 0) resolve();
      else {
        const why = CLONE_FAILURES[status ?? 0] ?? "could not be cloned";
        reject(new Refusal(`${domain}: ${why}`));
      }
    });
  });
}
