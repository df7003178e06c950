import type { Code } from "../codes";
import type { Draft } from "../draft";
import type { Problem } from "../problems";

/** What a rule finds: the problem without the code, which belongs to the rule. */
export type Finding = Omit<Problem, "code">;

/** One thing that can be known to be wrong before anything is touched. */
export interface Rule {
  /** What it stands for: codes.ts. */
  readonly code: Code;
  readonly check: (draft: Draft) => Finding[];
  /** It misses something among the tunnels, so it is silent while one of them is not known. */
  readonly wantsAllTunnels?: boolean;
}

export function finding(path: string, message: string, fix: string): Finding {
  return { path, message, fix };
}
