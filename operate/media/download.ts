import { open, stat, truncate, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { types } from "node:util";
import { Refusal, type Io } from "../command";
import { needSpace } from "./partial";
import { Progress } from "./progress";

/** A server that sends nothing for so long is given up, and another mirror is asked. */
const STALLED_MS = 30_000;

/** No install ISO comes near it; a mirror may send without end. */
const LARGEST = 4 * 2 ** 30;

/** Left free beside a download, bytes. */
const SPARE = 16 * 2 ** 20;

/** Why one URL did not give the file; the next mirror may. */
export class MirrorError extends Error {
  public override readonly name = "MirrorError";
}

export interface Download {
  readonly url: string;
  /** Where the bytes go. What is there already is taken as the beginning of the file. */
  readonly partial: string;
  readonly io: Pick<Io, "err" | "terminal" | "signal">;
  /** Bytes; a larger file is given up. Default 4 GiB. */
  readonly largest?: number;
}

/** A small file, at most `limit` bytes, as bytes. @throws MirrorError */
export async function fetchSmall(
  url: string,
  limit: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const watch = new Watch(signal);
  try {
    const response = await request(url, {}, watch);
    if (!response.ok) throw new MirrorError(`${url}: HTTP ${response.status}`);
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of body(response, url, watch)) {
      size += chunk.length;
      if (size > limit) throw new MirrorError(`${url}: larger than ${limit} bytes`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } finally {
    watch.stop();
  }
}

/**
 * Downloads to the end of the file, from where an earlier attempt stopped. Whether the bytes are
 * the right ones is for the caller to check: a resumed file may be a mix.
 *
 * @throws MirrorError if this mirror does not give the whole file; what came is kept.
 * @throws Refusal if the disk is too small.
 */
export async function download({ url, partial, io, largest = LARGEST }: Download): Promise<void> {
  const have = await stat(partial).then(
    ({ size }) => size,
    () => 0,
  );
  const watch = new Watch(io.signal);
  try {
    const response = await request(url, have > 0 ? { Range: `bytes=${have}-` } : {}, watch);
    // All of it is here already, or more than there is: the caller's check finds out which.
    if (response.status === 416 && have > 0) return;
    if (!response.ok) throw new MirrorError(`${url}: HTTP ${response.status}`);
    const start = firstByte(response, have, url);
    const length = Number(response.headers.get("content-length") ?? NaN);
    const total = Number.isNaN(length) ? undefined : start + length;
    if (total !== undefined && total > largest) throw tooLarge(url, largest);
    await needSpace(dirname(partial), (Number.isNaN(length) ? 0 : length) + SPARE);
    await append(response, { url, partial, io, largest }, start, total, watch);
  } finally {
    watch.stop();
  }
}

/** Where in the file the answer begins: servers may ignore Range and send everything. */
function firstByte(response: Response, have: number, url: string): number {
  if (response.status !== 206) return 0;
  const range = /^bytes (\d+)-/.exec(response.headers.get("content-range") ?? "")?.[1];
  if (Number(range) !== have) throw new MirrorError(`${url}: answered with another range`);
  return have;
}

async function append(
  response: Response,
  { url, partial, io, largest }: Required<Download>,
  start: number,
  total: number | undefined,
  watch: Watch,
): Promise<void> {
  const progress = new Progress(url, io);
  const handle = await open(partial, "a");
  try {
    if (start === 0) await truncate(partial);
    const end = await write(handle, body(response, url, watch), start, (done) => {
      if (done > largest) throw tooLarge(url, largest);
      progress.update(done, total);
    });
    if (total !== undefined && end < total) {
      throw new MirrorError(`${url}: ended after ${end} of ${total} bytes`);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
    throw new Refusal(`${dirname(partial)}: disk full: make room and run it again, it goes on`);
  } finally {
    progress.end();
    await handle.close();
  }
}

const tooLarge = (url: string, largest: number): MirrorError =>
  new MirrorError(`${url}: larger than ${largest} bytes, which no install ISO is`);

async function write(
  handle: FileHandle,
  chunks: AsyncIterable<Uint8Array>,
  start: number,
  written: (done: number) => void,
): Promise<number> {
  let done = start;
  for await (const chunk of chunks) {
    // writeFile on a handle writes all of it, at the end of what was opened for appending.
    await handle.writeFile(chunk);
    done += chunk.length;
    written(done);
  }
  return done;
}

async function request(
  url: string,
  headers: Readonly<Record<string, string>>,
  watch: Watch,
): Promise<Response> {
  try {
    // Compressed on the way, ranges and lengths would be those of something else.
    return await fetch(url, {
      headers: { ...headers, "Accept-Encoding": "identity" },
      signal: watch.signal,
    });
  } catch (error) {
    throw watch.explain(url, error);
  }
}

async function* body(response: Response, url: string, watch: Watch): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of response.body ?? []) {
      watch.alive();
      yield chunk;
    }
  } catch (error) {
    throw watch.explain(url, error);
  }
}

/** Ends a transfer that the operator interrupts, or that stalls. */
class Watch {
  private readonly stalled = new AbortController();
  private timer = this.arm();
  public readonly signal: AbortSignal;

  constructor(private readonly interrupted: AbortSignal) {
    this.signal = AbortSignal.any([interrupted, this.stalled.signal]);
  }

  public alive(): void {
    clearTimeout(this.timer);
    this.timer = this.arm();
  }

  public stop(): void {
    clearTimeout(this.timer);
  }

  /** The operator's interruption stays what it is; everything else is the mirror's fault. */
  public explain(url: string, error: unknown): unknown {
    if (this.interrupted.aborted) return error;
    if (this.stalled.signal.aborted) {
      return new MirrorError(`${url}: nothing came for ${STALLED_MS / 1000} s`);
    }
    // fetch says "fetch failed"; why is in the cause.
    const cause = types.isNativeError(error) ? (error.cause ?? error) : error;
    return new MirrorError(`${url}: ${types.isNativeError(cause) ? cause.message : String(cause)}`);
  }

  private arm(): NodeJS.Timeout {
    return setTimeout(() => {
      this.stalled.abort();
    }, STALLED_MS);
  }
}
