import { mkdtemp, open, readdir, readFile, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PoolVolume } from "../../contract/libvirt";
import type { VirshSession } from "../session";

/** A disk passes through memory in pieces of this size; none of it ever is a file on a disk here. */
export const WINDOW = 64 * 1024 ** 2;

/** Pieces of this size are either zero or sent. */
const GRAIN = 64 * 1024;
const ZEROS = Buffer.alloc(GRAIN);

/** A piece of a disk. */
export interface Window {
  readonly offset: number;
  readonly bytes: Buffer;
  /** Bytes in grains that hold something. */
  readonly used: number;
}

/**
 * Where pieces pass through: a directory in memory, where there is one. What a killed run left there
 * is removed.
 */
export async function makeScratch(): Promise<{
  readonly file: (name: string) => string;
  readonly remove: () => Promise<void>;
}> {
  const memory = "/dev/shm";
  const place = existsSync(memory) ? memory : tmpdir();
  for (const name of await readdir(place)) {
    const pid = /^gateway-copy-(\d+)-\w+$/.exec(name)?.[1];
    if (pid === undefined || existsSync(`/proc/${pid}`)) continue;
    // Another user's stays.
    await rm(join(place, name), { recursive: true, force: true }).catch(() => undefined);
  }
  const directory = await mkdtemp(join(place, `gateway-copy-${process.pid}-`));
  return {
    file: (name) => join(directory, name),
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

export async function readWindow(
  virsh: VirshSession,
  { pool, volume }: PoolVolume,
  offset: number,
  length: number,
  file: string,
): Promise<Window> {
  const place = ["--pool", pool, "--vol", volume, "--file", file];
  const part = ["--offset", String(offset), "--length", String(length)];
  // A libvirt that finds holes in block devices does not send them.
  await virsh.run("vol-download", ...place, ...part, "--sparse");
  const bytes = await readFile(file);
  await rm(file);
  // A hole at the end of the piece may not have been written.
  const whole = bytes.length === length ? bytes : Buffer.concat([bytes], length);
  return { offset, bytes: whole, used: usedOf(whole) };
}

/** @returns bytes that crossed to the hypervisor; holes are made zeros there */
export async function writeWindow(
  virsh: VirshSession,
  { pool, volume }: PoolVolume,
  { offset, bytes, used }: Window,
  file: string,
): Promise<number> {
  const handle = await open(file, "w", 0o600);
  try {
    await handle.truncate(bytes.length);
    for (const [start, end] of runs(bytes)) {
      await handle.write(bytes, start, end - start, start);
    }
  } finally {
    await handle.close();
  }
  const place = ["--pool", pool, "--vol", volume, "--file", file];
  const part = ["--offset", String(offset), "--length", String(bytes.length)];
  await virsh.run("vol-upload", ...place, ...part, "--sparse");
  await rm(file);
  return used;
}

export function usedOf(bytes: Buffer): number {
  let used = 0;
  for (const [start, end] of runs(bytes)) used += end - start;
  return used;
}

/** From and to of what is not zero, in whole grains. */
export function* runs(bytes: Buffer): Generator<readonly [start: number, end: number]> {
  let start = -1;
  for (let at = 0; at < bytes.length; at += GRAIN) {
    const grain = bytes.subarray(at, at + GRAIN);
    const holds = !grain.equals(grain.length === GRAIN ? ZEROS : ZEROS.subarray(0, grain.length));
    if (holds && start < 0) start = at;
    if (!holds && start >= 0) {
      yield [start, at];
      start = -1;
    }
  }
  if (start >= 0) yield [start, bytes.length];
}
