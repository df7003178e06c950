import { virsh, VirshFailed } from "../console/virsh";
import { sizeOf } from "../promotion/copy/disk";
import type { Move, Whereabouts } from "./move";

const NO_DOMAIN = /failed to get domain|domain not found/i;

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

export async function ofDomain(
  uri: string,
  question: string,
  name: string,
): Promise<string | undefined> {
  try {
    return await virsh(uri, question, "--domain", name);
  } catch (error) {
    if (error instanceof VirshFailed && NO_DOMAIN.test(error.message)) return undefined;
    throw error;
  }
}
