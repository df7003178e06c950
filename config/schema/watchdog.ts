import { z } from "zod";
import { ALL_DEFAULTS } from "./meta";

export const watchdog = z
  .strictObject({
    enabled: z.boolean().default(true).meta({
      description: "Whether it runs. `watchdog: false` in a tunnel leaves that tunnel alone.",
    }),
    intervalSeconds: z.int().min(5).max(600).default(10).meta({
      description: "Time between two probes of a tunnel.",
      unit: "seconds",
    }),
    failures: z.int().min(2).max(100).default(4).meta({
      description: "Unanswered probes in a row, while the tunnel has an SA, before it is reset.",
      unit: "probes",
    }),
    backoff: z.int().min(30).max(3600).default(120).meta({
      description:
        "Time until the same tunnel may be reset again, doubled each time up to an hour.",
      unit: "seconds",
    }),
    dailyCap: z.int().min(1).max(1000).default(24).meta({
      description: "Resets of one tunnel in a day (UTC).",
      unit: "resets",
    }),
  })
  .meta({
    description:
      "The gateway pings through each tunnel that has a probe, and resets the one that stays silent, that one only ([safety](safety.md#the-watchdog)).",
    absent: ALL_DEFAULTS,
    examples: [{ intervalSeconds: 10, failures: 4, backoff: 120, dailyCap: 24 }],
  });

export type Watchdog = z.output<typeof watchdog>;
