/** One line of the bench: what was measured, and against what. */
export interface Measurement {
  readonly name: string;
  /** Seconds, unless the name says otherwise. */
  readonly value: number;
  /** "" for a count. */
  readonly unit?: "s" | "MiB" | "×" | "";
  /** What the value is compared with; the ratio is this one's value by ours. */
  readonly peer?: { readonly name: string; readonly value: number };
  readonly target?: string;
}

export function table(measurements: readonly Measurement[]): string {
  const rows = measurements.map(({ name, value, unit = "s", peer, target }) => [
    name,
    unit === "" ? String(value) : `${value.toFixed(value < 10 ? 2 : 0)} ${unit}`,
    peer === undefined
      ? ""
      : `${(peer.value / value).toFixed(1)}× (${peer.name}: ${peer.value.toFixed(2)} ${unit})`,
    target === undefined ? "" : `target ${target}`,
  ]);
  const widths = [0, 1, 2].map((column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** The middle one of an odd number of values. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
