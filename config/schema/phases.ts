import { z } from "zod";
import { quotable } from "./forms";

/** More than a day needs an exception; no peer is known that insists on more than a month. */
const lifetime = z.int().min(120).max(2_678_400).meta({ unit: "seconds" });

/** Seconds, also of every profile. */
export const IKE_LIFETIME = 28800;
export const ESP_LIFETIME = 3600;

/** Vendors' sheets give groups as numbers, which YAML reads as such: the rules say what they mean. */
const algorithm = z
  .preprocess((value) => (typeof value === "number" ? String(value) : value), quotable)
  .meta({ form: "algorithm" });

const NONE_WITH_AEAD =
  "none, as an AEAD cipher such as `aes-256-gcm` needs; required with every other";

export const phase1 = z
  .strictObject({
    encryption: algorithm.meta({
      description:
        "Encryption of the IKE SA, by OpenBSD's full name ([names](crypto.md#what-each-daemon-can-do)).",
      examples: ["aes-256-gcm"],
    }),
    integrity: algorithm
      .optional()
      .meta({ description: "Integrity of the IKE SA.", absent: NONE_WITH_AEAD }),
    prf: algorithm.optional().meta({
      description: "Pseudo-random function. In IKEv1 it is always the integrity (RFC 2409).",
      absent: "the integrity; required with an AEAD cipher",
    }),
    group: algorithm.meta({ description: "Diffie-Hellman group.", examples: ["ecp384"] }),
    lifetime: lifetime.default(IKE_LIFETIME).meta({
      description:
        "Time until the IKE SA is made anew; more than a day needs an `exception`. isakmpd accepts exactly this from a peer.",
    }),
  })
  .meta({
    description: "The IKE SA. It replaces the profile's phase 1 as a whole.",
    examples: [{ encryption: "aes-256", integrity: "hmac-sha2-256", group: "modp2048" }],
  });

export const phase2 = z
  .strictObject({
    encryption: algorithm.meta({
      description:
        "Encryption of ESP, by OpenBSD's full name ([names](crypto.md#what-each-daemon-can-do)).",
      examples: ["aes-256-gcm"],
    }),
    integrity: algorithm
      .optional()
      .meta({ description: "Integrity of ESP.", absent: NONE_WITH_AEAD }),
    group: algorithm.meta({
      description:
        "Group for perfect forward secrecy; `none` gives it up. It must equal the peer's.",
      examples: ["ecp384"],
    }),
    lifetime: lifetime.default(ESP_LIFETIME).meta({
      description:
        "Time until the child SA is made anew. As much as phase 1's, or more than a day, needs an `exception`.",
    }),
    bytes: z
      .int()
      .min(2 ** 20)
      .optional()
      .meta({
        description: "Bytes until the child SA is made anew; iked only.",
        unit: "bytes",
        absent: "64 GiB, or 1 GiB with a cipher of 64-bit blocks",
      }),
    esn: z.boolean().optional().meta({
      description:
        "Extended sequence numbers (RFC 4304), iked only: `true` insists, `false` refuses, as some firewalls need.",
      absent: "what the peer can",
    }),
  })
  .meta({
    description: "The child SA (ESP). It replaces the profile's phase 2 as a whole.",
    examples: [{ encryption: "aes-256-gcm", group: "modp2048", lifetime: 3600, esn: false }],
  });

/** More would make the first message too long for some paths, and nobody needs them. */
const MOST_PROPOSALS = 8;

/** Several proposals: the first is the preferred one, the others are to go. */
export const phase1Proposals = z.union([phase1, z.array(phase1).min(1).max(MOST_PROPOSALS)]);
export const phase2Proposals = z.union([phase2, z.array(phase2).min(1).max(MOST_PROPOSALS)]);

export type Phase1Declaration = z.output<typeof phase1>;
export type Phase1 = Omit<Phase1Declaration, "prf"> & { readonly prf: string };
export type Phase2 = z.output<typeof phase2>;
