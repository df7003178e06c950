import type { Disk } from "../../contract/libvirt";
import { isSame, lengthOf, PIECE, type Piece, pieceOf, type Run, runsOf } from "./pieces";
import { send, wipe } from "./stream";
import { type Reachable, survey } from "./survey";
import type { VirshSession } from "../session";
import { readWindow, WINDOW, writeWindow } from "./windows";

/** Between a disk and the one that becomes its copy. */
export interface Way {
  readonly from: Disk;
  readonly to: Disk;
  readonly here: Reachable | undefined;
  readonly there: Reachable | undefined;
  readonly source: VirshSession;
  readonly target: VirshSession;
  readonly file: (name: string) => string;
  readonly signal: AbortSignal;
  readonly size: number;
  readonly progress: (pieces: number) => void;
}

/** @returns bytes that crossed to the target */
export async function move(
  indices: readonly number[],
  wanted: readonly Piece[],
  way: Way,
): Promise<number> {
  const { from, to, here, there, source, target, file, signal, size, progress } = way;
  const [empty, full] = [true, false].map((zeros) =>
    runsOf(indices.filter((index) => (wanted[index] === "zeros") === zeros)),
  ) as [Run[], Run[]];
  if (here && there) {
    await wipe(empty, size, { to: there, signal });
    progress(indices.filter((index) => wanted[index] === "zeros").length);
    return send(full, { from: here, to: there, signal, progress });
  }
  let moved = 0;
  const most = WINDOW / PIECE;
  for (const { first, count } of runsOf(indices)) {
    for (let at = first; at < first + count; at += most) {
      const pieces = Math.min(most, first + count - at);
      const offset = at * PIECE;
      const length = Math.min(pieces * PIECE, size - offset);
      const window = await readWindow(source, from, offset, length, file("read"));
      moved += await writeWindow(target, to, window, file("write"));
      progress(pieces);
    }
  }
  return moved;
}

/** Reads what was written back, and compares: the first piece that differs, or undefined. */
export async function firstDifference(
  indices: readonly number[],
  wanted: readonly Piece[],
  { to, there, target, file, signal, size }: Way,
): Promise<number | undefined> {
  const found = there && (await survey(there, size, { runs: runsOf(indices), signal }));
  if (found) return indices.find((index, n) => !isSame(found[n], wanted[index]));
  for (const index of indices) {
    const offset = index * PIECE;
    const { bytes } = await readWindow(target, to, offset, lengthOf(index, size), file("look"));
    if (!isSame(pieceOf(bytes), wanted[index])) return index;
  }
  return undefined;
}
