import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { askUntil } from "../askUntil";
import type { PoolVolume } from "../../contract/libvirt";
import { INSTALLER_MARK } from "../../render/installerXml";
import { Refusal } from "../command";
import type { InstallPlan } from "../../contract/install";
import { ofDomain } from "../../hypervisor/domain";
import { virsh, VirshFailed } from "../../hypervisor/virsh";

const MIB = 1024 ** 2;
const GONE_MILLISECONDS = 10_000;

/**
 * Makes room for the installer: ends what an interrupted run may have left, and blanks the disk.
 * @throws Refusal if a machine of the name is there that is not an installer of ours, or a volume is
 *   not there
 */
export async function prepare(plan: InstallPlan): Promise<void> {
  await clearName(plan);
  for (const cd of plan.cds) await requireCd(plan, cd);
  await blank(plan);
}

async function clearName({ uri, name }: InstallPlan): Promise<void> {
  const description = await ofDomain(uri, "desc", name);
  if (description === undefined) return;
  if (description !== INSTALLER_MARK) {
    throw new Refusal(
      `${name}: there is a machine of this name that this stack does not know; nothing was touched: ` +
        `see virsh dominfo ${name}, and undefine it or choose another machine.name`,
    );
  }
  await virsh(uri, "destroy", "--domain", name).catch(() => undefined);
  const state = await askUntil(
    () => ofDomain(uri, "domstate", name),
    (found) => found === undefined,
    { milliseconds: GONE_MILLISECONDS, every: 100 },
  );
  if (state !== undefined) {
    throw new Refusal(`${name}: an interrupted installer does not stop: virsh destroy ${name}`);
  }
}

async function requireCd({ uri }: InstallPlan, { pool, volume }: PoolVolume): Promise<void> {
  try {
    await virsh(uri, "vol-info", "--pool", pool, volume);
  } catch (error) {
    if (!(error instanceof VirshFailed)) throw error;
    throw new Refusal(
      `${volume}: the install CD is not in pool ${pool} (${error.message}): have it made again with pulumi up --replace and the URN of the resource media`,
    );
  }
}

/** The loader, the partition table and OpenBSD's disklabel: what makes a disk an old system's. */
async function blank({ uri, disk }: InstallPlan): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), "gateway-blank-"));
  try {
    const file = join(scratch, "zeros");
    await writeFile(file, Buffer.alloc(MIB));
    const where = ["--pool", disk.pool, "--vol", disk.volume, "--file", file];
    await virsh(uri, "vol-upload", ...where, "--offset", "0", "--length", String(MIB));
  } finally {
    await rm(scratch, { recursive: true });
  }
}

/** Takes the CDs away; they have done what they were for. Gives what could not be removed, and why. */
export async function removeCds({ uri, cds }: InstallPlan): Promise<string[]> {
  const failures: string[] = [];
  for (const { pool, volume } of cds) {
    try {
      await virsh(uri, "vol-delete", "--pool", pool, volume);
    } catch (error) {
      failures.push(`${volume} stays in pool ${pool}: ${String(error)}`);
    }
  }
  return failures;
}
