import { Refusal, type Io } from "../../command";
import { virsh } from "../../console/virsh";
import { type Disk, sizeOf } from "./disk";
import { copyState, mediumOf } from "./receipt";
import { gib, removeIfThere, unsealed } from "./seal";
import { usedVolumes } from "./used";
import { diskOf, retainedBy, valuesOf } from "./values";

/** What a volume is to a gateway. */
export type Role =
  "in use" | "declared" | "retained" | "sealed" | "unsealed" | "incomplete" | "identity" | "other";

export interface Volume extends Disk {
  readonly stack: string;
  readonly bytes: number;
  readonly role: Role;
}

/** The volumes of these stacks' gateways, on their hypervisors: those named after the machine. */
export async function volumesOf(stacks: readonly string[], io: Io): Promise<Volume[]> {
  const each = await Promise.all(stacks.map((stack) => volumesOfOne(stack, io)));
  return each.flat();
}

async function volumesOfOne(stack: string, { signal }: Io): Promise<Volume[]> {
  const values = valuesOf(stack);
  const { uri, pool } = values.hypervisor;
  const { name } = values.machine;
  const declared = diskOf(values).volume;
  const retained = new Set(retainedBy(stack).map(({ volume }) => volume));
  await virsh(uri, "pool-refresh", pool);
  const list = await virsh(uri, "vol-list", pool);
  const names = list.split("\n").map((line) => line.trim().split(/\s+/)[0] ?? "");
  const used = await usedVolumes({ uri, pool });
  const found: Volume[] = [];
  for (const volume of names) {
    if (volume !== name && !volume.startsWith(`${name}-`)) continue;
    const disk = { uri, pool, volume };
    // Only says what the other one is.
    if (names.some((one) => volume === unsealed({ ...disk, volume: one }).volume)) continue;
    const role = async (): Promise<Role> => {
      if (used.has(volume)) return "in use";
      if (names.includes(unsealed(disk).volume)) return "unsealed";
      if (volume.endsWith("-identity")) return "identity";
      const copy = await copyState(disk, signal);
      if (copy !== undefined && copy.adopted === undefined) return "incomplete";
      if (volume === declared) return "declared";
      if (retained.has(volume)) return "retained";
      return volume.startsWith(`${name}-sealed-`) ? "sealed" : "other";
    };
    found.push({ ...disk, stack, bytes: (await sizeOf(disk)) ?? 0, role: await role() });
  }
  return found;
}

export function table(volumes: readonly Volume[]): string {
  const rows = volumes.map(({ stack, volume, bytes, role, uri }) => [
    stack,
    volume,
    gib(bytes),
    role,
    uri,
  ]);
  const all = [["STACK", "VOLUME", "SIZE", "ROLE", "HYPERVISOR"], ...rows];
  const widths = [0, 1, 2, 3, 4].map((n) => Math.max(...all.map((row) => row[n]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, n) => cell.padEnd(widths[n] ?? 0))
      .join("  ")
      .trimEnd();
  return `${all.map(line).join("\n")}\n`;
}

/** @throws Refusal if there is none of the name, or a gateway needs it */
export async function prune(stacks: readonly string[], volume: string, io: Io): Promise<Volume> {
  const volumes = await volumesOf(stacks, io);
  const found = volumes.find((one) => one.volume === volume);
  if (!found) {
    throw new Refusal(
      `${volume}: no volume of ${stacks.join(" or ")}: ./scripts/gateway promote --list`,
    );
  }
  if (found.role === "in use" || found.role === "declared") {
    throw new Refusal(`${volume}: is ${found.role}: nothing was removed`);
  }
  await virsh(found.uri, "vol-delete", "--pool", found.pool, volume);
  await removeIfThere(unsealed(found));
  await removeIfThere(mediumOf(found));
  return found;
}
