import { z } from "zod";

/**
 * The gateway pings through each tunnel that has a probe and resets one that stays silent, that one
 * only (`gwctl watch`). iked alone needs 5 to 8 minutes to notice a peer that restarted silently.
 */
export const watchdog = z.strictObject({
  /** Default true. One tunnel is left alone by its own `watchdog: false`. */
  enabled: z.boolean().default(true),
  /** Seconds between two probes of a tunnel. Default 10. */
  intervalSeconds: z.int().min(5).max(600).default(10),
  /** Unanswered probes in a row, while there is an SA, before a reset. Default 4. */
  failures: z.int().min(2).max(100).default(4),
  /** Seconds until the same tunnel may be reset again; doubled each time up to an hour. Default 120. */
  backoff: z.int().min(30).max(3600).default(120),
  /** Resets of one tunnel in a day (UTC). Default 24. */
  dailyCap: z.int().min(1).max(1000).default(24),
});

export type Watchdog = z.output<typeof watchdog>;
