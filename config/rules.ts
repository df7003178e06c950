import type { Draft } from "./draft";
import type { Problem } from "./problems";

/** Every problem that the closed list of rules finds in the parts that are well-formed. */
export function findProblems(_draft: Draft): Problem[] {
  return [];
}
