import type { DriftFinding } from "../../contract/documents/operate";

/** What a comparison found. */
export interface Drift {
  readonly findings: readonly DriftFinding[];
  /** Worth knowing though nothing drifted. */
  readonly notes: readonly string[];
  /** What could not be compared, and why. */
  readonly unknown: readonly string[];
}

/**
 * Compares one machine with what the stack applied there.
 *
 * @throws Refusal if the machine gives no answer.
 */
export type DriftSource = () => Promise<Drift>;
