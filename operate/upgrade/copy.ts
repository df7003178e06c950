import { gib } from "../../config/units";
import { Refusal } from "../command";
import type { Standing } from "../../hypervisor/domain";
import { VirshFailed, virshLine } from "../../hypervisor/virsh";
import type { Disk } from "../../contract/libvirt";
import { sizeOf } from "../../hypervisor/volumes";
import { needRoom } from "../promotion/copy/seal";
import type { Finding } from "../../contract/documents/operate";

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
          virshLine(disk.uri, "vol-delete", copy, "--pool", disk.pool),
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
 *
 * @param isOn whether the machine has to go off first
 */
export function wayBack(disk: Disk, domain: string, copy: string, isOn = true): string {
  const file = `${copy}.img`;
  const pool = ["--pool", disk.pool];
  return [
    ...(isOn ? [virshLine(disk.uri, "destroy", domain)] : []),
    virshLine(disk.uri, "vol-download", ...pool, copy, file),
    virshLine(disk.uri, "vol-upload", ...pool, disk.volume, file),
    virshLine(disk.uri, "start", domain),
  ].join(" && ");
}

/** What was seen of the machine decides whether it may be started there at all. */
export function checkedWayBack(
  disk: Disk,
  domain: string,
  copy: string,
  { standing, answers }: { readonly standing: Standing; readonly answers: boolean },
): string {
  const kept = `the copy is ${copy} in pool ${disk.pool} at ${disk.uri}`;
  if (standing === "running" || standing === "paused") return wayBack(disk, domain, copy);
  if (answers) {
    return `${domain} answers at its address, but does not run at ${disk.uri}: find out where it runs before anything is started; ${kept}`;
  }
  if (standing === "off") return wayBack(disk, domain, copy, false);
  const why = standing === "absent" ? `has no machine ${domain}` : "does not answer";
  return `${disk.uri} ${why}: find out where it runs before anything is started; ${kept}`;
}
