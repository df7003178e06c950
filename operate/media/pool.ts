import { stat } from "node:fs/promises";
import { basename } from "node:path";
import type { PoolVolume } from "../../contract/libvirt";
import { Refusal } from "../command";
import { virsh, VirshFailed, virshTransfer } from "../../hypervisor/virsh";
import { freeIn, isNoVolume } from "../../hypervisor/volumes";
import { mebibytes } from "./progress";

/** An existing libvirt pool of type dir. */
export interface MediaPool {
  readonly uri: string;
  readonly pool: string;
}

/**
 * Copies an image into a pool as a volume. One of the same name is overwritten: an upload that was
 * cut off leaves a volume that looks like a whole one.
 *
 * @param prefix goes before the name, so that two gateways never share a volume
 * @throws Refusal if the pool is not there, not running or too full; there is then no such volume
 */
export async function uploadTo(
  { uri, pool }: MediaPool,
  file: string,
  prefix: string,
  name = basename(file),
): Promise<PoolVolume> {
  const volume = `${prefix}-${name}`;
  const { size } = await stat(file);
  await removeVolume(uri, pool, volume);
  await needRoom(uri, pool, size);
  try {
    await virsh(uri, "vol-create-as", pool, volume, String(size), "--format", "raw");
    await virshTransfer(uri, "vol-upload", "--pool", pool, "--vol", volume, "--file", file);
  } catch (error) {
    await removeVolume(uri, pool, volume).catch(() => undefined);
    throw refusal(error, pool);
  }
  return { pool, volume };
}

/** Removes the CDs of earlier attempts: all of this prefix but those to keep. */
export async function removeOthers(
  { uri, pool }: MediaPool,
  prefix: string,
  keep: readonly PoolVolume[],
): Promise<void> {
  const list = await virsh(uri, "vol-list", pool);
  const names = list.split("\n").map((line) => line.trim().split(/\s+/)[0] ?? "");
  const kept = new Set(keep.map(({ volume }) => volume));
  const isCd = /^(install\d\d|config\d\d-)\S*\.iso$/;
  for (const name of names) {
    const isOurs = name.startsWith(`${prefix}-`) && isCd.test(name.slice(prefix.length + 1));
    if (isOurs && !kept.has(name)) await removeVolume(uri, pool, name);
  }
}

async function needRoom(uri: string, pool: string, bytes: number): Promise<void> {
  let free: number;
  try {
    // What was put there beside libvirt counts too.
    await virsh(uri, "pool-refresh", pool);
    free = await freeIn(uri, pool);
  } catch (error) {
    throw refusal(error, pool);
  }
  if (free < bytes) {
    throw new Refusal(
      `pool ${pool}: needs ${mebibytes(bytes)} for the install CD, has ${mebibytes(free)} free: make room there, or name another pool (hypervisor.mediaPool)`,
    );
  }
}

async function removeVolume(uri: string, pool: string, volume: string): Promise<void> {
  try {
    await virsh(uri, "vol-delete", "--pool", pool, volume);
  } catch (error) {
    if (!isNoVolume(error)) throw refusal(error, pool);
  }
}

function refusal(error: unknown, pool: string): unknown {
  if (!(error instanceof VirshFailed)) return error;
  const hint = "look at the pool (virsh pool-list --all), or name another one";
  return new Refusal(`pool ${pool}: ${error.message}: ${hint} (hypervisor.mediaPool)`);
}
