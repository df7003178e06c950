import { Refusal } from "../../command";
import { virsh } from "../../console/virsh";
import { type Disk, incompleteCopyOf, sizeOf } from "./disk";

export interface KeptRequest {
  readonly to: Disk;
  /** Of the gateway that is on it. */
  readonly hostKey: string;
}

/** A disk that is there with a gateway on it, as libvirt knows it. */
export async function kept(
  { to, hostKey }: KeptRequest,
  signal: AbortSignal,
): Promise<{ readonly hostKey: string; readonly volumeId: string }> {
  if ((await sizeOf(to)) === undefined) {
    throw new Refusal(`${to.volume}: is not in pool ${to.pool} at ${to.uri}`);
  }
  const unfinished = await incompleteCopyOf(to, signal);
  if (unfinished !== undefined) {
    throw new Refusal(`${to.volume}: is an unfinished copy of ${unfinished}: no gateway is on it`);
  }
  return { hostKey, volumeId: await virsh(to.uri, "vol-key", "--pool", to.pool, to.volume) };
}
