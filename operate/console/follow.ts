import { open, type FileHandle } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Io } from "../command";
import { control } from "../terminal";
import { PlainText } from "../../parse/ansi";

const LOOK_MILLISECONDS = 250;
const CHUNK = 64 * 1024;

/** What install.ts notes when it begins. */
const BEGINNING = /^=== \S+ installation of /gm;

/**
 * Prints a transcript as plain text while it grows, from the beginning of its last installation on,
 * until interrupted. Waits for one that is not there yet.
 */
export async function follow(file: string, io: Pick<Io, "out" | "err" | "signal">): Promise<void> {
  const handle = await appeared(file, io);
  if (!handle) return;
  try {
    let position = await lastBeginning(handle);
    const plain = new PlainText();
    while (!io.signal.aborted) {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(CHUNK), 0, CHUNK, position);
      position += bytesRead;
      if (bytesRead > 0) io.out(shown(plain.push(buffer.toString("latin1", 0, bytesRead))));
      else await nap(io);
    }
  } finally {
    await handle.close();
  }
}

/** A guest may go back in its line, as a shell's line editor does, and nowhere else. */
const shown = (text: string): string => text.replace(/[\r\b]/g, control);

async function appeared(
  file: string,
  io: Pick<Io, "err" | "signal">,
): Promise<FileHandle | undefined> {
  for (let looks = 0; !io.signal.aborted; looks += 1) {
    try {
      return await open(file, "r");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
    if (looks === 0) io.err(`waiting for ${file}\n`);
    await nap(io);
  }
  return undefined;
}

async function lastBeginning(handle: FileHandle): Promise<number> {
  const text = (await handle.readFile()).toString("latin1");
  return [...text.matchAll(BEGINNING)].at(-1)?.index ?? 0;
}

async function nap({ signal }: Pick<Io, "signal">): Promise<void> {
  await sleep(LOOK_MILLISECONDS, undefined, { signal }).catch(() => undefined);
}
