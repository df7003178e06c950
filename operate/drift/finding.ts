/** One thing that is not as the last `pulumi up` left it. */
export interface Finding {
  readonly kind:
    "file" | "service" | "sysctl" | "pf" | "tunnel" | "package" | "errata" | "perimeter";
  /** Which one: a path, a name. */
  readonly what: string;
  readonly problem: string;
  /** URNs of the steps that put it right when they run again; none: the stack cannot. */
  readonly steps: readonly string[];
  /** What to do where the stack cannot. */
  readonly fix?: string;
}

/** What was found, and what is worth knowing though nothing drifted. */
export interface Drift {
  readonly findings: readonly Finding[];
  readonly notes: readonly string[];
}

/**
 * One place that is compared with what the stack applied: the gateway, the perimeter.
 *
 * @throws Refusal if it cannot be told.
 */
export type DriftSource = () => Promise<Drift>;
