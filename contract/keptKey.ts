import { z } from "zod";
import type { Value } from "./types";

/** What the stack keeps of an authority. Secret. */
export const keptKey = z.object({
  /** PEM, PKCS#8. */
  key: z.string(),
  /** The day on which it was made, YYYY-MM-DD. */
  made: z.iso.date(),
});

export type KeptKey = Value<typeof keptKey>;
