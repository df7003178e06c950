import { z } from "zod";
import type { Value } from "./types";

/** What a proof of a stack says, but for the time. */
export const provable = z.object({
  /** Hash of the configuration but for what is a site's own. */
  shape: z.string(),
  /** Hash of the program that made the stack. */
  code: z.string(),
  /** What its disk was made from, in words. */
  source: z.string(),
});

/** What `./scripts/gateway verify` saw, as it stands in the proven stack's output `proof`. */
export const proof = provable.extend({
  /** ISO 8601. */
  at: z.string(),
});

export type Provable = Value<typeof provable>;
export type Proof = Value<typeof proof>;
