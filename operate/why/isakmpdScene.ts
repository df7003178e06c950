import type { LogLine } from "../../parse/daemonLog";
import type { Facts } from "./facts";

/** What is known beside a line of the log. */
export interface Scene {
  readonly facts: Facts;
  /** The tunnel's lines that are not history. */
  readonly since: readonly LogLine[];
  /** Whether phase 1 was done at the time of the newest lines. */
  readonly phase1Done: boolean;
}
