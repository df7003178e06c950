import { createInterface } from "node:readline";
import { virsh } from "../virsh";
import type { Disk } from "../../contract/libvirt";
import { countOf, lotsOf, PIECE, type Piece, type Run } from "./pieces";
import { endOf, type Shell, shellAt, startAt } from "./shell";

/** A disk that a shell at its hypervisor can read and write, so that bytes need not go through libvirt. */
export interface Reachable {
  readonly shell: Shell;
  /** Of the device or file there. */
  readonly path: string;
  readonly zstd: boolean;
}

const PYTHON = "$(command -v python3 || echo /usr/libexec/platform-python)";

const REACH = `set -e
[ -r "$1" ] && [ -w "$1" ]
command -v dd >/dev/null
"${PYTHON}" -c 'import hashlib, mmap, os; os.preadv'
! command -v zstd >/dev/null || echo zstd`;

/** @returns undefined where that cannot be: libvirt alone leads there, no permission, other programs there */
export async function reach(disk: Disk, signal: AbortSignal): Promise<Reachable | undefined> {
  const shell = shellAt(disk.uri);
  if (!shell) return undefined;
  const path = await virsh(disk.uri, "vol-path", "--pool", disk.pool, disk.volume);
  const child = startAt(shell, REACH, [path], signal);
  let told = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (told += text));
  const { status } = await endOf(child);
  signal.throwIfAborted();
  return status === 0 ? { shell, path, zstd: told.includes("zstd") } : undefined;
}

// Past the page cache, where the device can: quicker, and what is really there. Zeros are compared, which
// is quicker than a hash.
const LOOK = `
import hashlib, mmap, os, sys
path, piece, size, hashed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4] == "yes"
page = mmap.mmap(-1, piece)
view, nothing = memoryview(page), bytes(piece)
try:
    disk = os.open(path, os.O_RDONLY | os.O_DIRECT)
    os.preadv(disk, [view], 0)
except OSError:
    disk = os.open(path, os.O_RDONLY)
zeros = 0
def tell(line=None):
    global zeros
    if zeros:
        print("zeros", zeros, flush=True)
        zeros = 0
    if line:
        print(line, flush=True)
for run in sys.argv[5:]:
    first, count = map(int, run.split(":"))
    for index in range(first, first + count):
        offset, length, got = index * piece, min(piece, size - index * piece), 0
        while got < length:
            more = os.preadv(disk, [view[got:]], offset + got)
            if more == 0:
                sys.exit("the disk ends at byte %d" % (offset + got))
            got += more
        if page[:length] == nothing[:length]:
            zeros += 1
            if zeros == 16:
                tell()
        else:
            tell(hashlib.sha256(view[:length]).hexdigest() if hashed else "used")
tell()
`;

export interface SurveyOptions {
  /** Only these pieces. Default: all. */
  readonly runs?: readonly Run[];
  readonly signal: AbortSignal;
  /** Bytes looked at. */
  readonly progress?: ((done: number) => void) | undefined;
}

/**
 * What the pieces are, one after the other, found at the hypervisor and read-only.
 * @returns undefined if that failed
 */
export function survey(
  disk: Reachable,
  size: number,
  options: SurveyOptions,
): Promise<Piece[] | undefined> {
  return look(disk, size, options, "yes", (line) => ({ sha256: line.slice(0, 64) }));
}

/** As survey, but only whether the pieces hold something. */
export function surveyUse(
  disk: Reachable,
  size: number,
  options: SurveyOptions,
): Promise<("zeros" | "used")[] | undefined> {
  return look(disk, size, options, "no", () => "used" as const);
}

async function look<Found>(
  { shell, path }: Reachable,
  size: number,
  { runs = [{ first: 0, count: countOf(size) }], signal, progress }: SurveyOptions,
  hash: "yes" | "no",
  read: (line: string) => Found,
): Promise<(Found | "zeros")[] | undefined> {
  const found: (Found | "zeros")[] = [];
  for (const words of lotsOf(runs)) {
    const look = `exec "${PYTHON}" -c "$@"`;
    const child = startAt(shell, look, [LOOK, path, PIECE, size, hash, ...words], signal);
    createInterface({ input: child.stdout }).on("line", (line) => {
      const zeros = Number(/^zeros (\d+)$/.exec(line)?.[1] ?? 0);
      for (let n = 0; n < zeros; n++) found.push("zeros");
      if (zeros === 0) found.push(read(line));
      progress?.(Math.min(found.length * PIECE, size));
    });
    const { status } = await endOf(child);
    signal.throwIfAborted();
    if (status !== 0) return undefined;
  }
  const wanted = runs.reduce((sum, { count }) => sum + count, 0);
  return found.length === wanted ? found : undefined;
}
