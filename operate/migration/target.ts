import { virsh } from "../../hypervisor/virsh";
import { markIncomplete } from "../../hypervisor/copy/disk";
import type { Move, Whereabouts } from "./move";
import { isRunning } from "./preflight";
import { whereabouts } from "./whereabouts";
import { withFile } from "./withFile";

/**
 * The gateway's definition on the target, and a disk for it. The definition comes first: by its UUID
 * a later run knows that what is there is its own.
 */
export async function prepareTarget(
  move: Move,
  where: Whereabouts,
  signal: AbortSignal,
): Promise<void> {
  const { from, to, name, pool, volume, shared } = move;
  const xml = await virsh(from, "dumpxml", "--domain", name, "--inactive");
  await withFile(xml, (file) => virsh(to, "define", "--file", file));
  if (shared || where.targetDisk !== undefined) return;
  const size = String(where.sourceDisk ?? 0);
  await virsh(to, "vol-create-as", pool, volume, size, "--format", "raw");
  await markIncomplete(diskOn(move, from), diskOn(move, to), signal);
}

export const diskOn = ({ pool, volume }: Move, uri: string) => ({ uri, pool, volume });

/** Takes away what {@link prepareTarget} made. */
export async function clearTarget(move: Move): Promise<void> {
  const { to, name, pool, volume, shared } = move;
  const { target, targetDisk } = await whereabouts(move);
  if (isRunning(target)) await virsh(to, "destroy", "--domain", name);
  if (target !== undefined) await virsh(to, "undefine", "--domain", name);
  if (!shared && targetDisk !== undefined) await virsh(to, "vol-delete", "--pool", pool, volume);
}

/** The source gives the gateway up; its disk stays until an operator removes it. */
export async function leaveSource({ from, to, name }: Move, autostart: boolean): Promise<void> {
  if (autostart) await virsh(to, "autostart", "--domain", name);
  await virsh(
    from,
    ...["undefine", "--managed-save", "--snapshots-metadata", "--nvram", "--domain", name],
  );
}
