import { z } from "zod";
import { ALL_DEFAULTS } from "./meta";

/** Named sets of algorithms, strongest first; what each is made of is in profiles.ts. */
export const profileName = z.enum(["pq", "modern", "compat", "legacy-v1"]);

export const ike = z
  .strictObject({
    daemon: z.enum(["iked", "isakmpd"]).default("iked").meta({
      description:
        "`iked` speaks IKEv2. `isakmpd` speaks IKEv1, for peers that know nothing newer. A gateway runs one of them.",
      change:
        "takes every tunnel down and negotiates it anew with the other IKE version ([safety](safety.md#the-daemon))",
    }),
    deadPeerSeconds: z.int().min(5).max(3600).default(30).meta({
      description: "Silence after which the daemon asks a peer whether it is alive.",
      unit: "seconds",
    }),
    profile: profileName.default("modern").meta({
      description: "Algorithms of every tunnel that names none ([profiles](crypto.md#profiles)).",
      change: "renegotiates every tunnel without a `profile` or phases of its own",
    }),
    fragmentation: z.boolean().default(true).meta({
      description:
        "Whether iked splits large IKE messages itself (RFC 7383). Without it, a path that drops IP fragments makes a peer with a large key exchange look dead.",
    }),
  })
  .meta({
    description: "The IKE daemon, and what holds for all tunnels.",
    absent: ALL_DEFAULTS,
    examples: [{ daemon: "iked", deadPeerSeconds: 30, profile: "modern" }],
  });

export type Ike = z.output<typeof ike>;
export type Daemon = Ike["daemon"];
export type ProfileName = z.output<typeof profileName>;
