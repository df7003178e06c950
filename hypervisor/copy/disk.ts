import type { Disk } from "../../contract/libvirt";
import { createHash } from "node:crypto";
import { CopyFailed } from "./failure";
import { firstDifference, move, type Way } from "./move";
import { diskHash, isSame, PIECE, type Piece, pieceOf } from "./pieces";
import { type Reachable, reach, survey, surveyUse } from "./survey";
import { openVirsh, type VirshSession } from "../session";
import { makeScratch, readWindow, usedOf, WINDOW, type Window, writeWindow } from "./windows";

export interface Copied {
  /** Of the whole disk (see diskHash); what both ends hold. */
  readonly sha256: string;
  readonly bytes: number;
  /** Bytes that crossed to the target, packed; and bytes in use that were there already. */
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

/**
 * The hash of a disk (see diskHash), with all that it holds read.
 *
 * @param see gets the disk in order
 */
export async function readDisk(
  disk: Disk,
  size: number,
  { progress, signal }: CopyOptions,
  see: (window: Window) => void = () => undefined,
): Promise<string> {
  return withSessions([disk.uri], signal, async ([session], file) => {
    const there = await reach(disk, signal);
    const use = there && (await surveyUse(there, size, { signal }));
    const found: Piece[] = [];
    for await (const window of windowsOf(session, disk, size, file, use)) {
      see(window);
      found.push(...piecesIn(window));
      progress?.(window.offset + window.bytes.length, size);
    }
    return diskHash(found, size);
  });
}

/**
 * Makes the target the same as the source, byte for byte, and proves it by reading the target back.
 * Only pieces that differ are moved, so a run that was cut off is gone on with by the next one. Until the
 * end the target's first bytes say that it is incomplete.
 *
 * @param to exists, and is not smaller
 * @throws CopyFailed if a hash differs, or an end fails
 */
export async function copyDisk(
  from: Disk,
  to: Disk,
  size: number,
  { progress, sha256: expected, signal }: CopyOptions,
): Promise<Copied> {
  return withSessions([from.uri, to.uri], signal, async ([source, target], file) => {
    const mark = await writeMark(from, to, target, file("mark"));
    const [here, there] = await Promise.all([reach(from, signal), reach(to, signal)]);
    const surveyed = (done: number): void => progress?.(done, 2 * size);
    const [wanted, found] = await Promise.all([
      piecesOf(from, size, here, signal, surveyed),
      piecesOf(to, size, there, signal),
    ]);
    const sha256 = diskHash(wanted, size);
    if (expected !== undefined && sha256 !== expected) {
      throw new CopyFailed(
        `${from.volume}: its SHA-256 is ${sha256}, not ${expected}: the source changed: ` +
          `${to.volume} stays marked as incomplete; seal the source again`,
      );
    }
    const differing = [...wanted.keys()].filter((index) => !isSame(wanted[index], found[index]));
    const used = wanted.filter((piece) => piece !== "zeros").length;
    let done = 0;
    const way: Way = {
      ...{ from, to, here, there, source, target, file, signal, size },
      progress: (pieces) => {
        done += pieces;
        progress?.(size + Math.floor((size * done) / Math.max(1, differing.length)), 2 * size);
      },
    };
    // The mark is in the first piece, so it is the last to become what it is to be.
    const [first, others] = [[0], differing.filter((index) => index > 0)];
    let moved = 0;
    for (const indices of [others, first]) {
      moved += await move(indices, wanted, way);
      const at = await firstDifference(indices, wanted, way);
      if (at === undefined) continue;
      await writeWindow(target, to, mark, file("mark"));
      throw differs(to, at * PIECE);
    }
    const sent = [...others, 0].filter((index) => wanted[index] !== "zeros").length;
    return { sha256, bytes: size, moved, kept: (used - sent) * PIECE };
  });
}

/** Found where the disk is; where that cannot be, all of it comes here. */
async function piecesOf(
  disk: Disk,
  size: number,
  reachable: Reachable | undefined,
  signal: AbortSignal,
  progress?: (done: number) => void,
): Promise<readonly Piece[]> {
  const there = reachable && (await survey(reachable, size, { signal, progress }));
  if (there) return there;
  return withSessions([disk.uri], signal, async ([session], file) => {
    const found: Piece[] = [];
    for await (const window of windowsOf(session, disk, size, file)) {
      found.push(...piecesIn(window));
      progress?.(window.offset + window.bytes.length);
    }
    return found;
  });
}

function piecesIn({ bytes }: Window): Piece[] {
  const count = Math.ceil(bytes.length / PIECE);
  return Array.from({ length: count }, (_, n) =>
    pieceOf(bytes.subarray(n * PIECE, (n + 1) * PIECE)),
  );
}

/** Of what the target is an unfinished copy, or undefined if it is none. */
export async function incompleteCopyOf(
  disk: Disk,
  signal: AbortSignal,
): Promise<string | undefined> {
  return withSessions([disk.uri], signal, ([session], file) => markOf(disk, session, file("mark")));
}

/** SHA-256 of a disk's first piece: what a system that starts from it changes. */
export async function digestOfStart(
  disk: Disk,
  size: number,
  signal: AbortSignal,
): Promise<string> {
  return withSessions([disk.uri], signal, async ([session], file) => {
    const { bytes } = await readWindow(session, disk, 0, Math.min(WINDOW, size), file("start"));
    return createHash("sha256").update(bytes).digest("hex");
  });
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

const zeros = Buffer.alloc(WINDOW);

/** The next window is on its way while one is worked on; one that holds nothing is not fetched. */
async function* windowsOf(
  session: VirshSession,
  disk: Disk,
  size: number,
  file: (name: string) => string,
  use?: readonly ("zeros" | "used")[],
): AsyncGenerator<Window> {
  const read = (offset: number): Promise<Window> => {
    const length = Math.min(WINDOW, size - offset);
    const within = use?.slice(offset / PIECE, (offset + WINDOW) / PIECE);
    return within?.every((piece) => piece === "zeros")
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

function differs({ volume }: Disk, offset: number): CopyFailed {
  return new CopyFailed(
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
