import { createHash } from "node:crypto";

/** A disk is compared and hashed in pieces of this size, bytes; the last one may be smaller. */
export const PIECE = 4 * 1024 ** 2;

/** What a piece is: nothing but zeros, or something with this SHA-256 (hex). */
export type Piece = "zeros" | { readonly sha256: string };

/** Pieces that follow each other. */
export interface Run {
  readonly first: number;
  readonly count: number;
}

/** How many pieces a disk of that many bytes has. */
export const countOf = (size: number): number => Math.ceil(size / PIECE);

export const lengthOf = (index: number, size: number): number =>
  Math.min(PIECE, size - index * PIECE);

export function pieceOf(bytes: Buffer): Piece {
  const zeros = bytes.length <= PIECE && bytes.equals(ZEROS.subarray(0, bytes.length));
  return zeros ? "zeros" : { sha256: createHash("sha256").update(bytes).digest("hex") };
}
const ZEROS = Buffer.alloc(PIECE);

export function isSame(one: Piece | undefined, other: Piece | undefined): boolean {
  const [a, b] = [one, other].map((piece) => (typeof piece === "object" ? piece.sha256 : piece));
  return a !== undefined && a === b;
}

/**
 * One SHA-256 for a whole disk, hex: of the list of its pieces' SHA-256, a line each. So zeros need not be
 * hashed, nor one piece wait for the one before. By hand, with a disk at $D:
 * `split -b 4M --filter=sha256sum $D | cut -c-64 | sha256sum`.
 */
export function diskHash(pieces: readonly Piece[], size: number): string {
  const hash = createHash("sha256");
  pieces.forEach((piece, index) => {
    const digest = typeof piece === "object" ? piece.sha256 : zeroDigest(lengthOf(index, size));
    hash.update(`${digest}\n`);
  });
  return hash.digest("hex");
}

function zeroDigest(length: number): string {
  let known = empty.get(length);
  if (known === undefined) {
    known = createHash("sha256").update(ZEROS.subarray(0, length)).digest("hex");
    empty.set(length, known);
  }
  return known;
}
const empty = new Map<number, string>();

/** A command line takes about 128 KiB. */
const RUNS_AT_ONCE = 2000;

/** Runs as words for scripts, `FIRST:COUNT`, in as many lots as command lines take. */
export function* lotsOf(runs: readonly Run[]): Generator<string[]> {
  const words = runs.map(({ first, count }) => `${first}:${count}`);
  for (let at = 0; at < words.length; at += RUNS_AT_ONCE) yield words.slice(at, at + RUNS_AT_ONCE);
}

/** @param indices in order */
export function runsOf(indices: readonly number[]): Run[] {
  const runs: { first: number; count: number }[] = [];
  for (const index of indices) {
    const last = runs.at(-1);
    if (last && last.first + last.count === index) last.count++;
    else runs.push({ first: index, count: 1 });
  }
  return runs;
}
