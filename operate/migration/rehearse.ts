import { virsh } from "../../hypervisor/virsh";
import { rehearsal } from "./definition";
import { migrateArguments } from "./live";
import type { Move } from "./move";
import { ofDomain } from "../../hypervisor/domain";
import { withFile } from "./withFile";

/**
 * A paused machine without a disk goes first: it is made on the target, or with `live` on the source
 * and migrated, so that the connection between the two, their versions and ports are proven as well.
 *
 * @throws VirshFailed with what is missing
 */
export async function rehearse(move: Move, xml: string): Promise<{ detail: string }> {
  const name = `${move.name}-rehearsal`;
  const remove = async (): Promise<void> => {
    for (const uri of [move.from, move.to]) {
      if ((await ofDomain(uri, "domstate", name)) !== undefined) {
        await virsh(uri, "destroy", "--domain", name);
      }
    }
  };
  await remove();
  try {
    await withFile(rehearsal(xml, name), (file) =>
      virsh(move.live ? move.from : move.to, "create", "--file", file, "--paused"),
    );
    if (!move.live) return { detail: "a machine like it can be made there" };
    await virsh(move.from, ...migrateArguments(move, name));
    return { detail: "a machine like it went there" };
  } finally {
    // What went wrong before says more.
    await remove().catch(() => undefined);
  }
}
