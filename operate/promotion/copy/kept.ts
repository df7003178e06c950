import { Refusal } from "../../command";
import { virsh } from "../../console/virsh";
import { type Disk, sizeOf } from "./disk";
import { copyState } from "./receipt";

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
  const copy = await copyState(to, signal);
  if (copy !== undefined && copy.adopted === undefined) {
    throw new Refusal(`${to.volume}: is an unfinished copy of ${copy.of}: no gateway is on it`);
  }
  return { hostKey, volumeId: await virsh(to.uri, "vol-key", "--pool", to.pool, to.volume) };
}
