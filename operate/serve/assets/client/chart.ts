import { STATES, type History } from "../../pageState";
import { html, svg } from "./dom";
import { areaPath, ceiling, linePath, type Point } from "./paths";
import { clockTime, rate, STATE_WORDS } from "./words";

const WIDTH = 480;
const HALF = 60;
const LANE = 8;
const GAP = 6;

/** Received above the line, sent below, and what state it was in. */
export function chart(history: History, intervalSeconds: number): HTMLElement {
  const { at } = history;
  const end = at.at(-1) ?? 0;
  const start = Math.min(at[0] ?? end, end - 39 * intervalSeconds);
  const x = (time: number): number => (WIDTH * (time - start)) / Math.max(1, end - start);
  const top = ceiling(Math.max(0, ...known(history.in), ...known(history.out)));
  const upper = points(
    history,
    "in",
    x,
    (value) => HALF - (HALF - 2) * (value / top),
    intervalSeconds,
  );
  const lower = points(
    history,
    "out",
    x,
    (value) => HALF + (HALF - 2) * (value / top),
    intervalSeconds,
  );
  const picture = svg(
    "svg",
    {
      ...{ class: "chart", role: "img", preserveAspectRatio: "none" },
      viewBox: `0 0 ${WIDTH} ${2 * HALF + GAP + LANE}`,
      "aria-label": inWords(history),
    },
    svg("path", { class: "area in", d: areaPath(upper, HALF) }),
    svg("path", { class: "line in", d: linePath(upper) }),
    svg("path", { class: "area out", d: areaPath(lower, HALF) }),
    svg("path", { class: "line out", d: linePath(lower) }),
    svg("path", { class: "axis", d: `M0 ${HALF}H${WIDTH}` }),
    ...lane(history, x, intervalSeconds),
  );
  return html(
    "figure",
    { class: "traffic" },
    html(
      "figcaption",
      {},
      html("span", { class: "key in" }, `In ${rate(history.in.at(-1))}`),
      html("span", { class: "key out" }, `Out ${rate(history.out.at(-1))}`),
      html("span", { class: "quiet" }, `scale ${rate(top)}`),
    ),
    picture,
    html(
      "div",
      { class: "times quiet", "aria-hidden": "true" },
      html("span", {}, at.length === 0 ? "" : clockTime(start * 1000)),
      html("span", {}, at.length === 0 ? "nothing was seen yet" : clockTime(end * 1000)),
    ),
  );
}

function known(values: readonly (number | null)[]): number[] {
  return values.filter((value) => value !== null);
}

function points(
  history: History,
  side: "in" | "out",
  x: (time: number) => number,
  y: (value: number) => number,
  intervalSeconds: number,
): Point[] {
  return history.at.flatMap((time, index) => {
    const value = history[side][index] ?? null;
    const point = { x: x(time), y: value === null ? null : y(value) };
    const before = history.at[index - 1];
    // Time without looks is a hole, not a slope.
    const hole = before !== undefined && time - before > 3 * intervalSeconds;
    return hole ? [{ x: x(before), y: null }, point] : [point];
  });
}

/** The states as a strip; where nobody looked it is empty. */
function lane(
  history: History,
  x: (time: number) => number,
  intervalSeconds: number,
): SVGRectElement[] {
  return history.at.flatMap((time, index) => {
    const next = history.at[index + 1] ?? time;
    const until = Math.min(next, time + 3 * intervalSeconds);
    const width = x(until) - x(time);
    if (width <= 0) return [];
    const piece = svg("rect", {
      ...{ class: "lane", x: x(time).toFixed(1), width: (width + 0.5).toFixed(1) },
      ...{ y: 2 * HALF + GAP, height: LANE },
    });
    piece.dataset.state = STATES[history.state[index] ?? 0] ?? "unknown";
    return [piece];
  });
}

function inWords({ in: received, out, at, state }: History): string {
  if (at.length === 0) return "No traffic was seen yet.";
  const peak = (values: readonly (number | null)[]): string => rate(Math.max(0, ...known(values)));
  const states = [...new Set(state)].map((index) =>
    STATE_WORDS[STATES[index] ?? "unknown"].toLowerCase(),
  );
  return (
    `Traffic since ${clockTime((at[0] ?? 0) * 1000)}: in ${rate(received.at(-1))}, at most ${peak(received)}; ` +
    `out ${rate(out.at(-1))}, at most ${peak(out)}. States seen: ${states.join(", ")}.`
  );
}
