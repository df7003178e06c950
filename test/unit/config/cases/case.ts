import type { Values } from "../../support/stack";

export interface Case {
  /** A declaration that the rule has to refuse, or to warn of. */
  readonly refuses: Values;
  /** The nearest declaration that is fine. */
  readonly accepts: Values;
  /** Where the finding stands, and words it must have. */
  readonly at: string;
  readonly says: RegExp;
}
