import { z } from "zod";
import type { Value } from "../types";

/** What is wrong, by a name that scripts can rely on. */
const code = z.enum([
  "none",
  "disabled",
  "by-hand",
  "not-on-gateway",
  "unresolved",
  "daemon",
  "own-action",
  "interface",
  "exception",
  "cannot-send",
  "no-answer",
  "peer-down",
  "never-asked",
  "ike-version",
  "stale-sa",
  "phase1-proposal",
  "phase1-group",
  "phase1-lifetime",
  "authentication",
  "psk",
  "public-key",
  "certificate",
  "ids",
  "phase2-proposal",
  "phase2-refused",
  "selectors",
  "peer-deletes",
  "dead-peer",
  "probe",
  "not-sent",
  "not-answered",
  "unknown",
]);

const evidence = z.object({
  /** As in the gateway's log; absent for what was observed just now. */
  stamp: z.string().optional(),
  text: z.string(),
});

const cause = z.object({
  code,
  /** Where in the tunnel's life it stops. */
  phase: z.enum(["gateway", "path", "phase 1", "authentication", "phase 2", "traffic", "none"]),
  /** The key of the declaration that it is about, where there is one. */
  field: z.string().optional(),
  /** One sentence. */
  what: z.string(),
  evidence: z.array(evidence),
  /** What to do on this side, one line. */
  fix: z.string(),
  /** A sentence for the administrator of the other side. Never holds a key. */
  tell: z.string().optional(),
});

/** What `gateway why --json` prints. */
export const why = z.object({
  name: z.string(),
  state: z.string(),
  cause,
  /** What else is odd, one sentence each. */
  notes: z.array(z.string()),
});

export type CauseCode = z.output<typeof code>;
export type Evidence = Value<typeof evidence>;
export type Cause = Value<typeof cause>;
export type Diagnosis = Value<typeof why>;
