/** A rule of `pfctl -v -s rules` and its counters, where they are shown. */
export interface RuleCount {
  readonly rule: string;
  readonly evaluations?: number | undefined;
  readonly packets?: number | undefined;
  readonly bytes?: number | undefined;
  /** That it made and that are there now. */
  readonly states?: number | undefined;
}

const COUNTERS = /^\s+\[ Evaluations: (\d+)\s+Packets: (\d+)\s+Bytes: (\d+)(?:\s+States: (\d+))?\s/;

/** Every rule in its order. */
export function parseRuleCounts(rows: readonly string[]): RuleCount[] {
  const counts: RuleCount[] = [];
  for (const row of rows) {
    const found = COUNTERS.exec(row);
    const last = counts.at(-1);
    if (found && last) {
      const [evaluations, packets, bytes, states] = found
        .slice(1)
        .map((digits: string | undefined) => (digits === undefined ? undefined : Number(digits)));
      counts[counts.length - 1] = { ...last, evaluations, packets, bytes, states };
    } else if (/^(?:@\d+ )?(?:block|pass|match|anchor) ?/.test(row)) {
      counts.push({ rule: row.replace(/^@\d+ /, "") });
    }
  }
  return counts;
}
