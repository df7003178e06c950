import { mkdir, open, readdir, rename, rm, statfs } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { Refusal } from "../command";
import { mebibytes } from "./progress";

// `.NAME.PID-N.partial` beside NAME: a file under its own name is always a finished one, and two
// runs at once never write the same file.
let count = 0;
const inUse = new Set<string>();

/** A file that is being made. */
export interface Partial {
  /** Where to write it. */
  readonly path: string;
  /** Gives it its name, once its bytes are on the disk. */
  readonly finish: () => Promise<void>;
}

export interface PartialOptions {
  /** Go on with what an earlier run left, and leave it for the next one if this one fails too. */
  readonly resume: boolean;
}

/**
 * Makes `target`, or nothing: whatever ends this process, there is never an unfinished file of that
 * name. What killed runs left is taken over or removed. Makes the directory.
 */
export async function withPartial<T>(
  target: string,
  { resume }: PartialOptions,
  use: (partial: Partial) => Promise<T>,
): Promise<T> {
  const directory = dirname(target);
  await mkdir(directory, { recursive: true });
  const path = join(directory, `.${basename(target)}.${process.pid}-${count++}.partial`);
  inUse.add(path);
  try {
    for (const leftover of await abandoned(target)) {
      if (!resume) await rm(leftover, { force: true });
      // Renaming gives it to exactly one of the runs that want it.
      else if (
        await rename(leftover, path).then(
          () => true,
          () => false,
        )
      )
        break;
    }
    return await use({ path, finish: () => finish(path, target) });
  } finally {
    if (!resume) await rm(path, { force: true });
    inUse.delete(path);
  }
}

/** Unfinished files that nobody works on any more. */
async function abandoned(target: string): Promise<string[]> {
  const prefix = `.${basename(target)}.`;
  const names = await readdir(dirname(target));
  return names
    .filter((name) => name.startsWith(prefix))
    .map((name) => ({ name, pid: /^(\d+)-\d+\.partial$/.exec(name.slice(prefix.length))?.[1] }))
    .filter(
      ({ pid }) => pid !== undefined && (Number(pid) === process.pid || !isRunning(Number(pid))),
    )
    .map(({ name }) => join(dirname(target), name))
    .filter((path) => !inUse.has(path));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

async function finish(partial: string, target: string): Promise<void> {
  await sync(partial);
  await rename(partial, target);
  await sync(dirname(target));
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** @throws Refusal if the file system of `directory` has less than `bytes` left for us. */
export async function needSpace(directory: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(directory);
  const free = bavail * bsize;
  if (free < bytes) {
    throw new Refusal(
      `${directory}: needs ${mebibytes(bytes)}, has ${mebibytes(free)} free: make room or choose another directory`,
    );
  }
}
