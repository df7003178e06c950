import type { RuleCount } from "../contract/documents/kernel";

// Form: pfctl.c pfctl_print_rule_counters. The bracket follows a number of states of six digits at once.
const COUNTERS =
  /^\s+\[ Evaluations: (\d+)\s+Packets: (\d+)\s+Bytes: (\d+)(?:\s+States: (\d+))?[\s\]]/;

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
