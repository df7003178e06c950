import { GIB, gib } from "../../../config/units";
import { Refusal, type Io } from "../../command";
import { gatewayTarget } from "../../ssh/target";
import { readOutputs, readPresharedKeys } from "../../stack/outputs";
import type { Step } from "../gate";
import type { Disk } from "../../../contract/libvirt";
import { sizeOf } from "../../../hypervisor/volumes";
import { unprotect } from "./protection";
import { copyState } from "./receipt";
import { needRoom, seal, type Sealed } from "./seal";
import { chooseDisk, diskOf, retainedBy, type Retained, valuesOf } from "./values";
import type { Volume } from "../../../contract/documents/operate";
import { volumesOf } from "./volumes";

/**
 * What `promote --copy` does before the second stack's preview: seals a copy of the first gateway's
 * disk, and writes into the second stack's configuration that its disk is to be a copy of that.
 */
export function copySteps(from: string, to: string, io: Io): Step[] {
  return [
    { title: `compare the disks of ${from} and ${to}`, run: () => look(from, to, io) },
    { title: `seal a copy of ${from}'s disk`, run: () => sealed(from, to, io) },
    { title: `let ${to} take another disk`, run: () => letGo(to, io) },
  ];
}

/** What `promote --rollback` does before the preview. */
export function rollbackSteps(stack: string, io: Io): Step[] {
  return [
    { title: `choose the disk before`, run: () => back(stack, io) },
    { title: `let ${stack} take another disk`, run: () => letGo(stack, io) },
  ];
}

async function letGo(stack: string, { signal }: Io): Promise<string> {
  return `${await unprotect(stack, signal)} resources unprotected until the update`;
}

/** Everything that would stop it halfway, before anything is touched. */
async function look(from: string, to: string, io: Io): Promise<string> {
  const [source, target] = [valuesOf(from), valuesOf(to)];
  const disk = diskOf(source);
  const size = await sizeOf(disk);
  if (size === undefined) {
    throw new Refusal(`stack ${from}: pool ${disk.pool} has no volume ${disk.volume}`);
  }
  const bytes = target.machine.diskGiB * GIB;
  if (bytes < size) {
    throw new Refusal(
      `stack ${to}: machine.diskGiB: ${target.machine.diskGiB} is too small for a copy of ${from}'s disk: write ${Math.ceil(size / GIB)}`,
    );
  }
  if ((await unfinished(to, io)) === undefined)
    await needRoom(diskOf(target), bytes, "for the disk");
  return `${gib(size)}, room for ${gib(bytes)}${await leftOver(from, io)}`;
}

/** Clones that a killed run has left with the first gateway's keys on them. */
async function leftOver(stack: string, io: Io): Promise<string> {
  const left = (await volumesOf([stack], io)).filter(({ role }) => role === "unsealed");
  const prune = ({ volume }: Volume): string =>
    `; ${volume} was never sealed: ./scripts/gateway promote --prune ${volume}`;
  return left.map(prune).join("");
}

/** The sealed disk of a copy that was begun and did not end. */
async function unfinished(stack: string, { signal }: Io): Promise<Disk | undefined> {
  const values = valuesOf(stack);
  const from = values.source.disk?.from;
  if (!from || (await sizeOf(from)) === undefined) return undefined;
  const disk = diskOf(values);
  if ((await sizeOf(disk)) === undefined) return from;
  return (await copyState(disk, signal))?.of === from.volume ? from : undefined;
}

async function sealed(from: string, to: string, io: Io): Promise<string> {
  const { signal } = io;
  const begun = await unfinished(to, io);
  if (begun) return `goes on with ${begun.volume}`;
  const made = await sealOf(from, io);
  const volume = `${valuesOf(to).machine.name}-${made.sha256.slice(0, 8)}`;
  const { uri, pool } = made.disk;
  await chooseDisk(
    to,
    {
      volume,
      "from.uri": uri,
      "from.pool": pool,
      "from.volume": made.disk.volume,
      sha256: made.sha256,
    },
    [...retainedBy(to), ...(await current(to, signal))],
    signal,
  );
  return `${made.disk.volume}, ${gib(made.bytes)}, SHA-256 ${made.sha256}; off for ${made.offSeconds} s`;
}

/** A sealed copy of what a stack's gateway runs from. */
export async function sealOf(stack: string, io: Io): Promise<Sealed> {
  const values = valuesOf(stack);
  const { gateway } = await readOutputs({ stack, signal: io.signal });
  const { hypervisor, machine } = values;
  return seal(
    {
      gateway: gatewayTarget(gateway),
      domain: machine.name,
      disk: diskOf(values),
      machine: {
        domainType: hypervisor.domainType,
        memoryMiB: machine.memoryMiB,
        tcgBufferMiB: hypervisor.tcgBufferMiB,
      },
      volume: `${machine.name}-sealed-${stamp(new Date())}`,
      secrets: Object.values(await readPresharedKeys({ stack, signal: io.signal })),
    },
    io,
  );
}

/** The disk that the stack runs from now, if it is deployed. */
async function current(stack: string, signal: AbortSignal): Promise<Retained[]> {
  const disk = diskOf(valuesOf(stack));
  if ((await sizeOf(disk)) === undefined) return [];
  const { gateway } = await readOutputs({ stack, signal });
  return [{ volume: disk.volume, hostKey: gateway.hostKey }];
}

async function back(stack: string, { signal }: Io): Promise<string> {
  const retained = retainedBy(stack);
  const last = retained.at(-1);
  if (last === undefined) {
    throw new Refusal(`stack ${stack} has no retained disk: ./scripts/gateway promote --list`);
  }
  const { hypervisor } = valuesOf(stack);
  const disk = { uri: hypervisor.uri, pool: hypervisor.pool, volume: last.volume };
  if ((await sizeOf(disk)) === undefined) {
    throw new Refusal(`${last.volume}: is not in pool ${disk.pool} any more`);
  }
  // The other one becomes the way back from here.
  const before = [...(await current(stack, signal)), ...retained.slice(0, -1)];
  await chooseDisk(stack, { volume: last.volume, hostKey: last.hostKey }, before, signal);
  return last.volume;
}

/** 20261127-1548, UTC. */
function stamp(now: Date): string {
  const [day = "", time = ""] = now.toISOString().split("T");
  return `${day.replace(/-/g, "")}-${time.slice(0, 5).replace(":", "")}`;
}
