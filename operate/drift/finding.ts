import type { DriftFinding } from "../../contract/documents/operate";

/** What was found, and what is worth knowing though nothing drifted. */
export interface Drift {
  readonly findings: readonly DriftFinding[];
  readonly notes: readonly string[];
}

/**
 * One place that is compared with what the stack applied: the gateway, the perimeter.
 *
 * @throws Refusal if it cannot be told.
 */
export type DriftSource = () => Promise<Drift>;
