import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { CopyFailed } from "./failure";
import { lotsOf, PIECE, type Run } from "./pieces";
import { endOf, startAt, type Ended } from "./shell";
import type { Reachable } from "./survey";

const SEND = `set -eu
path=$1 piece=$2 pack=$3
shift 3
direct=iflag=direct
dd if="$path" of=/dev/null bs=4096 count=1 $direct 2>/dev/null || direct=
for run; do
  dd if="$path" bs="$piece" skip="\${run%:*}" count="\${run#*:}" $direct status=none || { kill $$; exit 1; }
done | $pack`;

// Pieces come without a header, known by their length: what is missing shows when the disk is read back.
const TAKE = `set -eu
path=$1 piece=$2 unpack=$3
shift 3
# The last one to close a device waits until all is on it: not after each run.
exec 3<>"$path"
$unpack | for run; do
  dd of="$path" bs="$piece" seek="\${run%:*}" count="\${run#*:}" iflag=fullblock conv=notrunc status=none
  echo "\${run#*:}"
done
sync "$path"`;

const WIPE = `set -eu
path=$1 piece=$2 size=$3
shift 3
for run; do
  at=$((\${run%:*} * piece)) n=$((\${run#*:} * piece))
  [ $((at + n)) -le "$size" ] || n=$((size - at))
  blkdiscard -z -o "$at" -l "$n" "$path" 2>/dev/null ||
    dd if=/dev/zero of="$path" bs="$piece" seek="$at" count="$n" conv=notrunc \\
      iflag=count_bytes oflag=seek_bytes status=none
done
sync "$path"`;

export interface Line {
  readonly from: Reachable;
  readonly to: Reachable;
  readonly signal: AbortSignal;
  /** Pieces that were written. */
  readonly progress?: (pieces: number) => void;
}

/**
 * Pieces from one hypervisor to the other, packed on the way. They pass through this machine, which is the
 * only one that is sure to reach both, and through no file.
 *
 * @returns bytes that crossed
 * @throws CopyFailed if an end fails
 */
export async function send(runs: readonly Run[], line: Line): Promise<number> {
  let crossed = 0;
  for (const words of lotsOf(runs)) crossed += await sendSome(words, line);
  return crossed;
}

async function sendSome(
  words: readonly string[],
  { from, to, signal, progress }: Line,
): Promise<number> {
  const zstd = from.zstd && to.zstd;
  const pack = zstd ? "zstd -q -1 -c" : "gzip -1 -c";
  const source = startAt(from.shell, SEND, [from.path, PIECE, pack, ...words], signal);
  const unpack = zstd ? "zstd -q -dc" : "gzip -dc";
  const target = startAt(to.shell, TAKE, [to.path, PIECE, unpack, ...words], signal);
  const [sent, taken] = [endOf(source), endOf(target)];
  target.stdout.setEncoding("utf8").on("data", (text: string) => {
    for (const count of text.trim().split(/\s+/)) progress?.(Number(count));
  });
  let crossed = 0;
  const count = new Transform({
    transform(chunk: Buffer, _, done) {
      crossed += chunk.length;
      done(null, chunk);
    },
  });
  // An end that fails breaks the pipe; its exit status says more than that.
  await pipeline(source.stdout, count, target.stdin).catch(() => undefined);
  const ends = { "the hypervisor it comes from": await sent, "the one it goes to": await taken };
  signal.throwIfAborted();
  mustBeWell(ends);
  return crossed;
}

/** Makes pieces of the target zeros, without a byte on the line. */
export async function wipe(
  runs: readonly Run[],
  size: number,
  { to, signal }: Pick<Line, "to" | "signal">,
): Promise<void> {
  for (const words of lotsOf(runs)) {
    const ended = await endOf(startAt(to.shell, WIPE, [to.path, PIECE, size, ...words], signal));
    signal.throwIfAborted();
    mustBeWell({ "the one it goes to": ended });
  }
}

function mustBeWell(ends: Readonly<Record<string, Ended>>): void {
  const broken = Object.entries(ends).filter(([, { status }]) => status !== 0);
  if (broken.length === 0) return;
  const why = broken.map(([where, { status, said }]) => {
    const told = said.split("\n").at(-1) ?? "";
    return `${where}: ${told === "" ? `ended with ${String(status)}` : told}`;
  });
  throw new CopyFailed(
    `the copy was cut off (${why.join("; ")}): the new disk stays marked as incomplete; run again, ` +
      "which goes on with it",
  );
}
