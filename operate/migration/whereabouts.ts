import { ofDomain } from "../../hypervisor/domain";
import { sizeOf } from "../../hypervisor/volumes";
import type { Move, Whereabouts } from "./move";

/** @throws VirshFailed if one of the hypervisors does not answer */
export async function whereabouts({ from, to, name, pool, volume }: Move): Promise<Whereabouts> {
  const disk = (uri: string): Promise<number | undefined> => sizeOf({ uri, pool, volume });
  const [source, sourceUuid, target, targetUuid, sourceDisk, targetDisk] = await Promise.all([
    ofDomain(from, "domstate", name),
    ofDomain(from, "domuuid", name),
    ofDomain(to, "domstate", name),
    ofDomain(to, "domuuid", name),
    disk(from),
    disk(to),
  ]);
  return { source, sourceUuid, target, targetUuid, sourceDisk, targetDisk };
}
