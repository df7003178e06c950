import { gib } from "../../../config/units";
import type { Role, Volume } from "../../../contract/documents/operate";
import { Refusal, type Io } from "../../command";
import { columns } from "../../columns";
import { virsh } from "../../../hypervisor/virsh";
import { removeIfThere, sizeOf } from "../../../hypervisor/volumes";
import { copyState, hasMedium, mediumOf } from "./receipt";
import { unsealed } from "./seal";
import { usedVolumes } from "../../../hypervisor/usedVolumes";
import { diskOf, otherMachines, retainedBy, valuesOf } from "./values";

/** The volumes of these stacks' gateways, on their hypervisors. */
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
  const candidates = names.filter((one) => isNamedAfter(name, otherMachines(stack, name), one));
  const used = await usedVolumes({ uri, pool }, candidates);
  const found: Volume[] = [];
  for (const volume of candidates) {
    const disk = { uri, pool, volume };
    const role = async (): Promise<Role | undefined> => {
      // It only says what the other one is.
      if (names.some((one) => volume === unsealed({ ...disk, volume: one }).volume))
        return undefined;
      if (used.has(volume)) return "in use";
      if (names.includes(unsealed(disk).volume)) return "unsealed";
      if (volume.endsWith(IDENTITY)) {
        const of = { ...disk, volume: volume.slice(0, -IDENTITY.length) };
        return (await hasMedium(of)) ? "identity" : undefined;
      }
      const copy = await copyState(disk, signal);
      if (copy !== undefined && copy.adopted === undefined) return "incomplete";
      if (volume === declared) return "declared";
      if (retained.has(volume)) return "retained";
      return copy === undefined ? roleOfName(name, volume) : "copy";
    };
    const is = await role();
    if (is !== undefined) {
      found.push({ ...disk, stack, bytes: (await sizeOf(disk)) ?? 0, role: is });
    }
  }
  return found;
}

const IDENTITY = mediumOf({ uri: "", pool: "", volume: "" }).volume;

/** A machine `gw-test` is not one of `gw`, nor are its volumes. */
export function isNamedAfter(name: string, others: readonly string[], volume: string): boolean {
  const isOf = (one: string): boolean => volume === one || volume.startsWith(`${one}-`);
  return isOf(name) && !others.some((one) => one.startsWith(`${name}-`) && isOf(one));
}

/** Names that only `promote --copy` and `upgrade` give. */
export function roleOfName(name: string, volume: string): Role | undefined {
  const rest = volume.slice(name.length);
  if (/^-sealed-\d{8}-\d{4}$/.test(rest)) return "sealed";
  return /-before-\d+\.\d$/.test(rest) ? "before upgrade" : undefined;
}

export function table(volumes: readonly Volume[]): string {
  const rows = volumes.map(({ stack, volume, bytes, role, uri }) => [
    stack,
    volume,
    gib(bytes),
    role,
    uri,
  ]);
  const lines = columns([["STACK", "VOLUME", "SIZE", "ROLE", "HYPERVISOR"], ...rows]);
  return `${lines.join("\n")}\n`;
}

/** @throws Refusal if there is none of the name, or a gateway needs it */
export async function prune(stacks: readonly string[], volume: string, io: Io): Promise<Volume> {
  const volumes = await volumesOf(stacks, io);
  const found = volumes.find((one) => one.volume === volume);
  if (!found) {
    throw new Refusal(
      `${volume}: nothing marks it as a volume of ${stacks.join(" or ")}, so nothing was removed: ` +
        "./scripts/gateway promote --list names those that are marked",
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
