import type { ServerResponse } from "node:http";

export const MOST_READERS = 64;

/** A reader that took nothing for so many updates is gone or hopeless. */
const MOST_MISSED = 8;

interface Reader {
  readonly response: ServerResponse;
  missed: number;
}

/**
 * Server-sent events. A slow reader misses updates and gets the newest when it has caught up; for
 * each reader at most one update waits in memory.
 */
export class Events {
  private readonly readers = new Set<Reader>();

  /** @param current the data of an event as of now: one line, as JSON is */
  constructor(private readonly current: () => string) {}

  get size(): number {
    return this.readers.size;
  }

  /** @returns whether there was room for one more. */
  join(response: ServerResponse): boolean {
    if (this.readers.size >= MOST_READERS) return false;
    const reader: Reader = { response, missed: 0 };
    this.readers.add(reader);
    response.writeHead(200, { "Content-Type": "text/event-stream; charset=utf-8" });
    response.on("close", () => this.readers.delete(reader));
    // The socket's own errors end in "close".
    response.on("error", () => undefined);
    response.on("drain", () => {
      if (reader.missed === 0) return;
      reader.missed = 0;
      response.write(this.frame());
    });
    response.write(`retry: 3000\n\n${this.frame()}`);
    return true;
  }

  /** Sends the present state to every reader. */
  publish(): void {
    if (this.readers.size === 0) return;
    const frame = this.frame();
    for (const reader of this.readers) {
      if (!reader.response.writableNeedDrain) {
        reader.response.write(frame);
      } else if (++reader.missed > MOST_MISSED) {
        reader.response.destroy();
      }
    }
  }

  close(): void {
    for (const { response } of this.readers) response.end();
  }

  private frame(): string {
    return `event: state\ndata: ${this.current()}\n\n`;
  }
}
