import type { Disk } from "../contract/libvirt";
import { virsh, VirshFailed } from "./virsh";

/** Whether virsh failed because the pool has no volume of that name. */
export const isNoVolume = (error: unknown): boolean =>
  error instanceof VirshFailed && /failed to get vol|no storage vol/i.test(error.message);

/** Size of a volume in bytes, or undefined if there is none of the name. */
export async function sizeOf({ uri, pool, volume }: Disk): Promise<number | undefined> {
  try {
    const info = await virsh(uri, "vol-info", "--bytes", "--pool", pool, volume);
    return Number(/^Capacity:\s*(\d+)/m.exec(info)?.[1] ?? Number.NaN);
  } catch (error) {
    if (isNoVolume(error)) return undefined;
    throw error;
  }
}

/** Bytes that a pool has free, as libvirt saw it last. */
export async function freeIn(uri: string, pool: string): Promise<number> {
  const info = await virsh(uri, "pool-info", "--bytes", pool);
  return Number(/^Available:\s*(\d+)/m.exec(info)?.[1] ?? 0);
}

export async function createVolume({ uri, pool, volume }: Disk, bytes: number): Promise<void> {
  await virsh(uri, "vol-create-as", pool, volume, String(bytes), "--format", "raw");
}

export async function removeIfThere({ uri, pool, volume }: Disk): Promise<void> {
  try {
    await virsh(uri, "vol-delete", "--pool", pool, volume);
  } catch (error) {
    if (!isNoVolume(error)) throw error;
  }
}
