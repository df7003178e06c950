import { virsh } from "../../console/virsh";
import type { Disk } from "./disk";

/** The volumes of a pool that a machine has as a disk, whether it runs or not. */
export async function usedVolumes({
  uri,
  pool,
}: Pick<Disk, "uri" | "pool">): Promise<ReadonlySet<string>> {
  const path = /<path>([^<]+)<\/path>/.exec(await virsh(uri, "pool-dumpxml", pool))?.[1] ?? "";
  const machines = (await virsh(uri, "list", "--all", "--name")).split("\n").filter(Boolean);
  const used = new Set<string>();
  for (const machine of machines) {
    const xml = await virsh(uri, "dumpxml", "--domain", machine);
    for (const [source] of xml.matchAll(/<source [^>]*>/g)) {
      const volume = /volume='([^']+)'/.exec(source)?.[1];
      if (volume !== undefined && source.includes(`pool='${pool}'`)) used.add(volume);
      const device = /dev='([^']+)'/.exec(source)?.[1];
      if (device?.startsWith(`${path}/`)) used.add(device.slice(path.length + 1));
    }
  }
  return used;
}
