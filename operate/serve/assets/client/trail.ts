import type { History, PageState } from "../../pageState";
import { svg } from "./dom";
import { areaPath, ceiling, linePath, type Point } from "./paths";

const SAMPLES = 40;
const WIDTH = 96;
const HEIGHT = 24;

interface Sample {
  readonly at: number;
  readonly total: number | null;
}

/** The last looks at every tunnel, for the small graphs: fetched once, then carried on by events. */
export class Trails {
  private readonly samples = new Map<string, Sample[]>();

  load(histories: Readonly<Record<string, History>>): void {
    for (const [name, { at, in: received, out }] of Object.entries(histories)) {
      const past = at.map((time, index) => ({ at: time, total: sum(received[index], out[index]) }));
      this.samples.set(name, past);
    }
  }

  /** Takes a page in, once per look at the gateway. */
  add({ at, stale, tunnels }: PageState): void {
    if (at === undefined || stale) return;
    const time = Math.round(Date.parse(at) / 1000);
    const names = new Set(tunnels.map(({ name }) => name));
    for (const name of this.samples.keys()) if (!names.has(name)) this.samples.delete(name);
    for (const { name, inRate, outRate } of tunnels) {
      const past = this.samples.get(name) ?? [];
      const newest = past.at(-1)?.at ?? 0;
      if (newest < time) past.push({ at: time, total: sum(inRate, outRate) });
      this.samples.set(name, past.slice(-SAMPLES));
    }
  }

  of(name: string): readonly Sample[] {
    return this.samples.get(name) ?? [];
  }
}

function sum(left: number | null | undefined, right: number | null | undefined): number | null {
  return typeof left === "number" && typeof right === "number" ? left + right : null;
}

/** A graph the size of a word. It repeats what the numbers beside it say, so it is not read out. */
export class Sparkline {
  readonly node = svg("svg", {
    class: "sparkline",
    "aria-hidden": "true",
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    preserveAspectRatio: "none",
  });
  private readonly area = svg("path", { class: "area" });
  private readonly line = svg("path", { class: "line" });

  constructor() {
    this.node.append(this.area, this.line);
  }

  draw(samples: readonly Sample[], intervalSeconds: number): void {
    const points = plot(samples, intervalSeconds);
    this.area.setAttribute("d", areaPath(points, HEIGHT));
    this.line.setAttribute("d", linePath(points));
  }
}

function plot(samples: readonly Sample[], intervalSeconds: number): Point[] {
  const end = samples.at(-1)?.at ?? 0;
  const span = (SAMPLES - 1) * intervalSeconds;
  const top = ceiling(Math.max(0, ...samples.map(({ total }) => total ?? 0)));
  return samples.map(({ at, total }) => ({
    x: WIDTH * (1 - (end - at) / span),
    y: total === null ? null : HEIGHT - 1.5 - (HEIGHT - 3) * (total / top),
  }));
}
