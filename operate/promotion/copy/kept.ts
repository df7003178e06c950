import type { KeptDisk, KeptRequest } from "../../../contract/adopt";
import { Refusal } from "../../command";
import { virsh } from "../../../hypervisor/virsh";
import { sizeOf } from "../../../hypervisor/volumes";
import { copyState } from "./receipt";

/** A disk that is there with a gateway on it, as libvirt knows it. */
export async function kept({ to, hostKey }: KeptRequest, signal: AbortSignal): Promise<KeptDisk> {
  if ((await sizeOf(to)) === undefined) {
    throw new Refusal(`${to.volume}: is not in pool ${to.pool} at ${to.uri}`);
  }
  const copy = await copyState(to, signal);
  if (copy !== undefined && copy.adopted === undefined) {
    throw new Refusal(`${to.volume}: is an unfinished copy of ${copy.of}: no gateway is on it`);
  }
  return { hostKey, volumeId: await virsh(to.uri, "vol-key", "--pool", to.pool, to.volume) };
}
