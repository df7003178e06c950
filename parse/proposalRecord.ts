import { GWCTL_LINE } from "../contract/gwctl";
import { type Algorithms, algorithmsOf } from "./ikedEvents";

/** Algorithms of SAs, and the last day on which the gateway saw one of them. */
export interface SeenAlgorithms extends Algorithms {
  readonly phase: 1 | 2;
  /** Days since 1970, UTC. */
  readonly day: number;
  /** Whether the log no longer told all of them: those that are missing may be any. */
  readonly untold: boolean;
}

/** What the gateway keeps of a tunnel with several proposals. Days since 1970, UTC. */
export interface ProposalRecord {
  /** From here to `looked` every day was looked at. */
  readonly since: number;
  readonly looked: number;
  readonly seen: readonly SeenAlgorithms[];
}

/** The records by tunnel. Lines of unknown form are passed over, and those of no record. */
export function parseProposalRecords(rows: readonly string[]): ReadonlyMap<string, ProposalRecord> {
  const seen = new Map<string, SeenAlgorithms[]>();
  for (const [name, one] of rows.flatMap(parseSeen)) {
    seen.set(name, [...(seen.get(name) ?? []), one]);
  }
  return new Map(
    rows.flatMap((row) => {
      const { name, since, looked } = GWCTL_LINE.proposalRecord.exec(row)?.groups ?? {};
      if (name === undefined) return [];
      const days = { since: Number(since), looked: Number(looked) };
      return [[name, { ...days, seen: seen.get(name) ?? [] }] as const];
    }),
  );
}

function parseSeen(row: string): [string, SeenAlgorithms][] {
  const { name, phase, day, words } = GWCTL_LINE.proposalSeen.exec(row)?.groups ?? {};
  if (name === undefined || words === undefined) return [];
  const untold = / unknown$|^unknown$/.test(words);
  return [
    [name, { phase: phase === "ike" ? 1 : 2, day: Number(day), untold, ...algorithmsOf(words) }],
  ];
}
