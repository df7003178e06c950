import { open, type FileHandle } from "node:fs/promises";
import { Refusal } from "../command";

export const SECTOR = 2048;
const DIRECTORY = 0x02;
const MULTI_EXTENT = 0x80;

/** A file as a boot loader finds it: plain ISO 9660, neither Rock Ridge nor Joliet. */
export interface IsoFile {
  /** Upper case as recorded, without version: /7.9/AMD64/BSD.RD. */
  readonly path: string;
  /** First sector. */
  readonly sector: number;
  /** Bytes. */
  readonly size: number;
}

export interface IsoImage {
  readonly files: ReadonlyMap<string, IsoFile>;
  /** When the volume was made, seconds since 1970; 0 if it does not say. */
  readonly created: number;
  /** First sector of what the BIOS starts (El Torito default entry, no emulation), if any. */
  readonly bootSector: number | undefined;
}

/**
 * Reads the directory tree of an ISO image (ECMA-119).
 *
 * This is the second opinion on what xorriso made, so it sees what OpenBSD's cdbr and cdboot see:
 * the names in the directory records themselves.
 *
 * @throws Refusal if the file is not a whole ISO 9660 image.
 */
export async function readIso(path: string): Promise<IsoImage> {
  const handle = await open(path, "r");
  try {
    const volume = await sectorOf(handle, 16, path);
    if (volume.toString("latin1", 0, 6) !== "\x01CD001") throw notIso(path, "no volume descriptor");
    const sectors = volume.readUInt32LE(80);
    if ((await handle.stat()).size < sectors * SECTOR) throw notIso(path, "it is cut short");
    const files = new Map<string, IsoFile>();
    await walk(handle, path, "", record(volume, 156), files, new Set());
    return { files, created: createdAt(volume), bootSector: await bootSector(handle, path) };
  } finally {
    await handle.close();
  }
}

interface DirectoryRecord {
  readonly sector: number;
  readonly size: number;
  readonly flags: number;
  readonly name: string;
}

function record(bytes: Buffer, at: number): DirectoryRecord {
  return {
    sector: bytes.readUInt32LE(at + 2),
    size: bytes.readUInt32LE(at + 10),
    flags: bytes.readUInt8(at + 25),
    name: bytes.toString("latin1", at + 33, at + 33 + bytes.readUInt8(at + 32)),
  };
}

async function walk(
  handle: FileHandle,
  image: string,
  parent: string,
  directory: DirectoryRecord,
  files: Map<string, IsoFile>,
  seen: Set<number>,
): Promise<void> {
  if (seen.has(directory.sector)) throw notIso(image, "its directories form a loop");
  seen.add(directory.sector);
  for (let done = 0; done < directory.size; done += SECTOR) {
    const bytes = await sectorOf(handle, directory.sector + done / SECTOR, image);
    // A record never crosses a sector; a length of 0 ends the sector.
    for (let at = 0; at < SECTOR && bytes.readUInt8(at) > 0; at += bytes.readUInt8(at)) {
      if (at + 33 > SECTOR) throw notIso(image, "a directory is damaged");
      const entry = record(bytes, at);
      if (entry.name === "\0" || entry.name === "\x01") continue;
      const path = `${parent}/${entry.name.replace(/;\d+$/, "").replace(/\.$/, "")}`;
      if (entry.flags & MULTI_EXTENT) throw notIso(image, `${path} is in several pieces`);
      if (entry.flags & DIRECTORY) await walk(handle, image, path, entry, files, seen);
      else files.set(path, { path, sector: entry.sector, size: entry.size });
    }
  }
}

/** YYYYMMDDhhmmsscc and the offset from GMT in quarters of an hour (ECMA-119 8.4.26). */
function createdAt(volume: Buffer): number {
  const digits = volume.toString("latin1", 813, 827);
  if (!/^\d{14}$/.test(digits)) return 0;
  const [, y = "", mo = "", d = "", h = "", mi = "", s = ""] =
    /^(....)(..)(..)(..)(..)(..)$/.exec(digits) ?? [];
  const local = Date.UTC(+y, +mo - 1, +d, +h, +mi, +s) / 1000;
  return Math.max(0, local - volume.readInt8(829) * 900);
}

async function bootSector(handle: FileHandle, image: string): Promise<number | undefined> {
  const descriptor = await sectorOf(handle, 17, image);
  if (!descriptor.toString("latin1", 0, 39).startsWith("\0CD001\x01EL TORITO SPECIFICATION")) {
    return undefined;
  }
  const catalog = await sectorOf(handle, descriptor.readUInt32LE(0x47), image);
  const bootable = catalog.readUInt8(32) === 0x88 && catalog.readUInt8(33) === 0;
  return bootable ? catalog.readUInt32LE(40) : undefined;
}

async function sectorOf(handle: FileHandle, sector: number, image: string): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(SECTOR), 0, SECTOR, sector * SECTOR);
  if (bytesRead < SECTOR) throw notIso(image, "it is cut short");
  return buffer;
}

function notIso(path: string, why: string): Refusal {
  return new Refusal(`${path}: is not a usable ISO image (${why}): get it again`);
}

/** The bytes of one file of an image. For small files only. */
export async function readIsoFile(image: string, file: IsoFile): Promise<Buffer> {
  const handle = await open(image, "r");
  try {
    const { buffer, bytesRead } = await handle.read(
      Buffer.alloc(file.size),
      0,
      file.size,
      file.sector * SECTOR,
    );
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
