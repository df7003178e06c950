import { Refusal } from "../command";
import { VirshFailed } from "../console/virsh";
import { type Disk, sizeOf } from "../promotion/copy/disk";
import { gib, needRoom } from "../promotion/copy/seal";
import type { Finding } from "../promotion/verification";

/** The volume beside the gateway's that holds it as it was. */
export const copyName = ({ volume }: Disk, release: string): string =>
  `${volume}-before-${release}`;

/** Whether the pool can take a copy of the gateway's disk. */
export async function copyFinding(disk: Disk, copy: string): Promise<Finding> {
  const name = "way back";
  try {
    const bytes = await sizeOf(disk);
    if (bytes === undefined) {
      throw new Refusal(`pool ${disk.pool} at ${disk.uri} has no volume ${disk.volume}`);
    }
    if ((await sizeOf({ ...disk, volume: copy })) !== undefined) {
      throw new Refusal(
        `${copy}: is in pool ${disk.pool} already: remove it with ` +
          virshLine(disk, "vol-delete", copy, "--pool", disk.pool),
      );
    }
    await needRoom(disk, bytes, "for the copy");
    return { name, ok: true, detail: `${copy}, ${gib(bytes)}, in pool ${disk.pool}` };
  } catch (error) {
    if (!(error instanceof Refusal) && !(error instanceof VirshFailed)) throw error;
    return {
      name,
      ok: false,
      detail: `${error.message} (or --no-copy: there is no way back then)`,
    };
  }
}

/**
 * Back into the same volume: a new one of the name would be another one to libvirt, and to the stack.
 */
export function wayBack(disk: Disk, domain: string, copy: string): string {
  const file = `${copy}.img`;
  const pool = ["--pool", disk.pool];
  return [
    virshLine(disk, "destroy", domain),
    virshLine(disk, "vol-download", ...pool, copy, file),
    virshLine(disk, "vol-upload", ...pool, disk.volume, file),
    virshLine(disk, "start", domain),
  ].join(" && ");
}

export const virshLine = ({ uri }: Disk, ...words: readonly string[]): string =>
  ["virsh", "-c", `'${uri}'`, ...words].join(" ");
