import { connect } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { serve } from "../operate/serve/serve";
import type { Clock } from "../operate/serve/time";
import { simulated } from "../test/unit/serve/support/simulation";
import { median, type Measurement } from "./report";

const TUNNELS = 500;
const INTERVAL = 15;
const LOOKS_PER_HOUR = 3600 / INTERVAL;

/** Time that passes when it is told to, so that an hour takes as long as its work. */
class Hurried implements Clock {
  private milliseconds = 0;
  private waiting: (() => void)[] = [];

  now = () => ({ wall: Date.UTC(2026, 0, 1) + this.milliseconds, steady: this.milliseconds });

  sleep = (_: number, signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      else this.waiting.push(resolve);
    });

  async tick(): Promise<void> {
    this.milliseconds += INTERVAL * 1000;
    for (const wake of this.waiting.splice(0)) wake();
    await new Promise((resolve) => setImmediate(resolve));
  }

  release(): void {
    for (const wake of this.waiting.splice(0)) wake();
  }
}

/** What the page and the metrics cost with 500 tunnels, over two hours of looks and scrapes. */
export async function serving(): Promise<Measurement[]> {
  setFlagsFromString("--expose-gc");
  const collectGarbage = runInNewContext("gc") as () => void;
  const clock = new Hurried();
  const end = new AbortController();
  const seconds = (): number => clock.now().steady / 1000;
  const { port, url, ended } = await serve(
    { collect: () => Promise.resolve(simulated({ count: TUNNELS, seconds: seconds() })) },
    {
      listen: { host: "127.0.0.1", port: 0 },
      hostNames: [],
      intervalSeconds: INTERVAL,
      ...{ clock, signal: end.signal },
      log: () => undefined,
    },
  );
  // A page that is read, and one that is not.
  const readers = [true, false].map((reads) => {
    const socket = connect(port, "127.0.0.1");
    socket.write("GET /api/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    return reads ? socket.resume() : socket.pause();
  });

  const scrapes: number[] = [];
  const heap: number[] = [];
  for (let look = 1; look <= 2 * LOOKS_PER_HOUR; look++) {
    await clock.tick();
    const began = performance.now();
    const answer = await fetch(`${url}metrics`);
    await answer.text();
    scrapes.push((performance.now() - began) / 1000);
    if (look % LOOKS_PER_HOUR === 0) {
      collectGarbage();
      heap.push(process.memoryUsage().heapUsed / 2 ** 20);
    }
  }
  for (const socket of readers) socket.destroy();
  end.abort();
  clock.release();
  await ended;

  const [hour = NaN, later = NaN] = heap;
  return [
    {
      name: `serve, ${TUNNELS} tunnels: heap after an hour of looks and scrapes`,
      ...{ value: hour, unit: "MiB", target: "< 150 MiB" },
    },
    {
      name: `serve, ${TUNNELS} tunnels: heap after another hour, by that`,
      ...{ value: later / hour, unit: "×", target: "< 1.1 ×" },
    },
    {
      name: `serve, ${TUNNELS} tunnels: one scrape`,
      ...{ value: median(scrapes), target: "< 0.5 s" },
    },
  ];
}
