/** One value per moment; null breaks the line. `x` rises. */
export interface Point {
  readonly x: number;
  readonly y: number | null;
}

/** Runs of points without a hole between them. */
function runs(points: readonly Point[]): { x: number; y: number }[][] {
  const all: { x: number; y: number }[][] = [];
  let run: { x: number; y: number }[] = [];
  for (const { x, y } of points) {
    if (y === null) {
      run = [];
      continue;
    }
    if (run.length === 0) all.push(run);
    run.push({ x, y });
  }
  return all;
}

function step(value: number): string {
  return value.toFixed(1).replace(/\.0$/, "");
}

/** An SVG path through the points; a single point becomes a short dash, or it would not be seen. */
export function linePath(points: readonly Point[]): string {
  return runs(points)
    .map((run) => {
      const [first, ...rest] = run;
      if (first === undefined) return "";
      const tail =
        rest.length === 0 ? "h1" : rest.map(({ x, y }) => `L${step(x)} ${step(y)}`).join("");
      return `M${step(first.x)} ${step(first.y)}${tail}`;
    })
    .join("");
}

/** The same, closed down to the base line. */
export function areaPath(points: readonly Point[], base: number): string {
  return runs(points)
    .filter((run) => run.length > 1)
    .map((run) => {
      const first = run[0]?.x ?? 0;
      const last = run.at(-1)?.x ?? 0;
      const top = run.map(({ x, y }) => `L${step(x)} ${step(y)}`).join("");
      return `M${step(first)} ${step(base)}${top}L${step(last)} ${step(base)}Z`;
    })
    .join("");
}

/** The next of 1, 2, 5, 10, 20, … at or above the value: an axis that does not jitter. */
export function ceiling(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find((factor) => factor * power >= value) ?? 10) * power;
}
