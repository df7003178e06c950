import { createHash } from "node:crypto";
import type { PoolVolume } from "../../../render/installerXml";
import { Refusal } from "../../command";
import { virsh, VirshFailed } from "../../console/virsh";
import { openVirsh, type VirshSession } from "./virshSession";
import { type Piece, survey } from "./survey";
import {
  digestOf,
  makeScratch,
  readWindow,
  usedOf,
  WINDOW,
  type Window,
  writeWindow,
  zeroDigest,
} from "./windows";

/** A disk in a libvirt pool, anywhere. */
export interface Disk extends PoolVolume {
  /** libvirt connection URI. */
  readonly uri: string;
}

export interface Copied {
  /** Of the whole disk, hex; what both ends hold. */
  readonly sha256: string;
  readonly bytes: number;
  /** What crossed to the target, and what was there already. */
  readonly moved: number;
  readonly kept: number;
}

export interface CopyOptions {
  /** What the source has to have. */
  readonly sha256?: string | undefined;
  readonly progress?: (done: number, total: number) => void;
  readonly signal: AbortSignal;
}

/** Stands where a boot loader stands, until everything behind it is there and proven. */
const MARK = "openbsd-ipsec-gateway: incomplete copy of ";

/** Size of a disk in bytes, or undefined if there is none of the name. */
export async function sizeOf({ uri, pool, volume }: Disk): Promise<number | undefined> {
  try {
    const info = await virsh(uri, "vol-info", "--bytes", "--pool", pool, volume);
    return Number(/^Capacity:\s*(\d+)/m.exec(info)?.[1] ?? Number.NaN);
  } catch (error) {
    if (error instanceof VirshFailed && /failed to get vol|no storage vol/i.test(error.message)) {
      return undefined;
    }
    throw error;
  }
}

/**
 * SHA-256 of a disk, read piece by piece.
 *
 * @param see gets each piece in order
 */
export async function readDisk(
  disk: Disk,
  size: number,
  { progress, signal }: CopyOptions,
  see: (window: Window) => void = () => undefined,
): Promise<string> {
  const hash = createHash("sha256");
  await withSessions([disk.uri], signal, async ([session], file) => {
    const map = await survey(disk, size, false, signal);
    for await (const window of pieces(session, disk, size, file, map)) {
      see(window);
      hash.update(window.bytes);
      progress?.(window.offset + window.bytes.length, size);
    }
  });
  return hash.digest("hex");
}

/**
 * Makes the target the same as the source, byte for byte, and proves it by reading the target back.
 * Until then the target's first bytes say that it is incomplete; a later run finds them and goes on.
 * The bytes cross this machine, a piece at a time: it is the only one that is sure to reach both.
 *
 * @param to exists, and is not smaller
 * @throws Refusal if a hash differs
 */
export async function copyDisk(
  from: Disk,
  to: Disk,
  size: number,
  options: CopyOptions,
): Promise<Copied> {
  const { progress, sha256: expected, signal } = options;
  return withSessions([from.uri, to.uri], signal, async ([source, target], file) => {
    const resumes = (await markOf(to, target, file("mark"))) !== undefined;
    const mark = await writeMark(from, to, target, file("mark"));
    const hash = createHash("sha256");
    const digests: string[] = [];
    let [moved, kept, first]: [number, number, Window | undefined] = [0, 0, undefined];
    const map = await survey(from, size, false, signal);
    for await (const window of pieces(source, from, size, file, map)) {
      hash.update(window.bytes);
      digests.push(digestOf(window));
      if (window.offset === 0) first = window;
      else if (resumes && (await isSame(target, to, window, file("look")))) kept += window.used;
      else moved += await writeWindow(target, to, window, file("write"));
      progress?.(window.offset + window.bytes.length, 2 * size);
    }
    const sha256 = hash.digest("hex");
    if (expected !== undefined && sha256 !== expected) {
      throw new Refusal(
        `${from.volume}: its SHA-256 is ${sha256}, not ${expected}: the source changed: ` +
          `${to.volume} stays marked as incomplete; seal the source again`,
      );
    }
    // The first piece is the mark still.
    await mustHold(to, digests, size, { target, file, signal, progress });
    if (first) {
      // The mark is in it, so it is the last to become what it is to be.
      moved += await writeWindow(target, to, first, file("write"));
      const written = await readWindow(target, to, 0, first.bytes.length, file("look"));
      if (digestOf(written) !== digests[0]) {
        await writeWindow(target, to, mark, file("mark"));
        throw differs(to, 0);
      }
    }
    return { sha256, bytes: size, moved, kept };
  });
}

interface Verification {
  readonly target: VirshSession;
  readonly file: (name: string) => string;
  readonly signal: AbortSignal;
  readonly progress: CopyOptions["progress"];
}

/** Reads all but the first piece back: there, if it can be asked, else here. */
async function mustHold(
  disk: Disk,
  digests: readonly string[],
  size: number,
  { target, file, signal, progress }: Verification,
): Promise<void> {
  const there = await survey(disk, size, true, signal);
  if (there) {
    there.forEach((piece, index) => {
      const offset = index * WINDOW;
      const digest =
        typeof piece === "object" ? piece.sha256 : zeroDigest(Math.min(WINDOW, size - offset));
      if (index > 0 && digest !== digests[index]) throw differs(disk, offset);
    });
    progress?.(2 * size, 2 * size);
    return;
  }
  for await (const window of pieces(target, disk, size, file)) {
    const wanted = digests[window.offset / WINDOW];
    if (window.offset > 0 && digestOf(window) !== wanted) throw differs(disk, window.offset);
    progress?.(size + window.offset + window.bytes.length, 2 * size);
  }
}

/** Of what the target is an unfinished copy, or undefined if it is none. */
export async function incompleteCopyOf(
  disk: Disk,
  signal: AbortSignal,
): Promise<string | undefined> {
  return withSessions([disk.uri], signal, ([session], file) => markOf(disk, session, file("mark")));
}

/** Marks a new disk, so that nobody takes it for a gateway's whatever comes next. */
export async function markIncomplete(from: Disk, to: Disk, signal: AbortSignal): Promise<void> {
  await withSessions([to.uri], signal, ([session], file) =>
    writeMark(from, to, session, file("mark")),
  );
}

async function markOf(
  disk: Disk,
  session: VirshSession,
  file: string,
): Promise<string | undefined> {
  const { bytes } = await readWindow(session, disk, 0, 4096, file);
  const text = bytes.toString("latin1");
  return text.startsWith(MARK) ? text.slice(MARK.length).split("\n")[0] : undefined;
}

async function writeMark(
  from: Disk,
  to: Disk,
  session: VirshSession,
  file: string,
): Promise<Window> {
  const bytes = Buffer.alloc(4096);
  bytes.write(`${MARK}${from.volume}\n`);
  const window = { offset: 0, bytes, used: usedOf(bytes) };
  await writeWindow(session, to, window, file);
  return window;
}

async function isSame(
  session: VirshSession,
  disk: Disk,
  window: Window,
  file: string,
): Promise<boolean> {
  const there = await readWindow(session, disk, window.offset, window.bytes.length, file);
  return there.bytes.equals(window.bytes);
}

const zeros = Buffer.alloc(WINDOW);

/** The next piece is on its way while one is worked on. */
async function* pieces(
  session: VirshSession,
  disk: Disk,
  size: number,
  file: (name: string) => string,
  map?: readonly Piece[],
): AsyncGenerator<Window> {
  const read = (offset: number): Promise<Window> => {
    const length = Math.min(WINDOW, size - offset);
    return map?.[offset / WINDOW] === "zeros"
      ? Promise.resolve({ offset, bytes: zeros.subarray(0, length), used: 0 })
      : readWindow(session, disk, offset, length, file("read"));
  };
  let next = read(0);
  for (let offset = 0; offset < size; offset += WINDOW) {
    const window = await next;
    if (offset + WINDOW < size) {
      next = read(offset + WINDOW);
      // Who leaves early does not wait for it.
      next.catch(() => undefined);
    }
    yield window;
  }
}

function differs({ volume }: Disk, offset: number): Refusal {
  return new Refusal(
    `${volume}: what was written at byte ${offset} is not what is read back: it stays marked as ` +
      "incomplete; look at the hypervisor's disks, and run again",
  );
}

async function withSessions<Result>(
  uris: readonly string[],
  signal: AbortSignal,
  work: (
    sessions: readonly VirshSession[] & { readonly 0: VirshSession; readonly 1: VirshSession },
    file: (name: string) => string,
  ) => Promise<Result>,
): Promise<Result> {
  const scratch = await makeScratch();
  const sessions = uris.map((uri) => openVirsh(uri, signal));
  try {
    return await work(sessions as never, scratch.file);
  } finally {
    await Promise.all(sessions.map((session) => session.close()));
    await scratch.remove();
  }
}
