import { virsh, VirshFailed } from "./virsh";
import type { Disk } from "../contract/libvirt";

const NOT_THERE =
  /failed to get (?:vol|pool)|no storage (?:vol|pool)|storage pool .* is not active/i;

/**
 * Those of a pool's volumes that a machine has as a disk, whether it runs or not. A machine may name the
 * same volume by the pool, by any of its device's names or as a file: libvirt knows which volume it is.
 *
 * @param names of the volumes that are asked for
 */
export async function usedVolumes(
  { uri, pool }: Pick<Disk, "uri" | "pool">,
  names: readonly string[],
): Promise<ReadonlySet<string>> {
  const inUse = new Set<string>();
  for (const source of await sourcesAt(uri)) {
    const key = await keyOf(uri, source);
    if (key !== undefined) inUse.add(key);
  }
  const used = new Set<string>();
  for (const name of names) {
    const key = await keyOf(uri, ["--pool", pool, name]);
    if (key !== undefined && inUse.has(key)) used.add(name);
  }
  return used;
}

/** What the machines' disks are, as they run and as they will start, in virsh's words for a volume. */
async function sourcesAt(uri: string): Promise<readonly (readonly string[])[]> {
  const machines = (await virsh(uri, "list", "--all", "--name")).split("\n").filter(Boolean);
  const found = new Map<string, readonly string[]>();
  for (const machine of machines) {
    for (const view of [[], ["--inactive"]]) {
      const xml = await virsh(uri, "dumpxml", "--domain", machine, ...view);
      for (const source of sourcesIn(xml)) found.set(source.join("\n"), source);
    }
  }
  return [...found.values()];
}

/** @param xml a machine's definition */
export function sourcesIn(xml: string): string[][] {
  return [...xml.matchAll(/<source\b[^>]*>/g)].flatMap(([source]) => {
    const value = (name: string): string | undefined =>
      new RegExp(`\\s${name}=(?:'([^']*)'|"([^"]*)")`).exec(source)?.slice(1).find(Boolean);
    const [pool, volume] = [value("pool"), value("volume")];
    const path = value("dev") ?? value("file");
    if (pool !== undefined && volume !== undefined) return [["--pool", pool, volume]];
    return path?.startsWith("/") === true ? [[path]] : [];
  });
}

async function keyOf(uri: string, volume: readonly string[]): Promise<string | undefined> {
  try {
    return await virsh(uri, "vol-key", ...volume);
  } catch (error) {
    if (error instanceof VirshFailed && NOT_THERE.test(error.message)) return undefined;
    throw error;
  }
}
