/** A rule of `pfctl -v -s rules` and how often it decided. */
export interface RuleCount {
  readonly rule: string;
  readonly packets?: number | undefined;
}

/** Every rule in its order; a rule whose counters are not shown has none. */
export function parseRuleCounts(rows: readonly string[]): RuleCount[] {
  const counts: RuleCount[] = [];
  for (const row of rows) {
    const packets = /^\s+\[ Evaluations: \d+\s+Packets: (\d+)\s/.exec(row)?.[1];
    const last = counts.at(-1);
    if (packets !== undefined && last) {
      counts[counts.length - 1] = { ...last, packets: Number(packets) };
    } else if (/^(?:@\d+ )?(?:block|pass|match|anchor) ?/.test(row)) {
      counts.push({ rule: row.replace(/^@\d+ /, "") });
    }
  }
  return counts;
}
