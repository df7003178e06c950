import { z } from "zod";
import type { Value } from "./types";

/** What `promote` leaves on its machine while one tunnel is changed and watched. */
export const canaryNote = z.object({
  tunnel: z.string(),
  urns: z.array(z.string()),
  /** The state before the change, with its secrets as the backend keeps them. */
  sealed: z.string(),
  /** The same after the change; absent: the command ended before that was known. */
  after: z.string().optional(),
});

export type CanaryNote = Value<typeof canaryNote>;
