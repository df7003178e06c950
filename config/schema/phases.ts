import { z } from "zod";

const lifetime = z.int().min(120).max(86400);

export const phase1 = z.strictObject({
  /** IKE encryption, OpenBSD's full name; see algorithms.ts for what each daemon knows. */
  encryption: z.string().meta({ examples: ["aes-256-gcm"] }),
  /** IKE integrity. Absent exactly when the encryption authenticates by itself (AEAD). */
  integrity: z.string().optional(),
  /** Pseudo-random function. Default, and the only choice in IKEv1 (RFC 2409 4): the integrity. */
  prf: z.string().optional(),
  /** Diffie-Hellman group. */
  group: z.string().meta({ examples: ["ecp384"] }),
  /** Seconds until the IKE SA is made anew. Default 28800 (8 h). isakmpd accepts exactly this. */
  lifetime: lifetime.default(28800),
});

export const phase2 = z.strictObject({
  /** ESP encryption, OpenBSD's full name. */
  encryption: z.string().meta({ examples: ["aes-256-gcm"] }),
  /** ESP integrity. Absent exactly when the encryption authenticates by itself (AEAD). */
  integrity: z.string().optional(),
  /** Group for perfect forward secrecy; `none` gives it up. Must equal the peer's. */
  group: z.string().meta({ examples: ["ecp384"] }),
  /** Seconds until the child SA is made anew. Default 3600 (1 h). */
  lifetime: lifetime.default(3600),
  /**
   * Bytes after which the child SA is made anew, iked only. Default 64 GiB, 1 GiB with a cipher of
   * 64 bit blocks; iked's own 4 GiB renews a fast line's SA every few seconds (iked.conf(5)).
   */
  bytes: z
    .int()
    .min(2 ** 20)
    .optional(),
  /**
   * Extended sequence numbers (RFC 4304), iked only: true insists, false refuses, as some firewalls
   * need. Default: what the peer can.
   */
  esn: z.boolean().optional(),
});

export type Phase1Declaration = z.output<typeof phase1>;
export type Phase1 = Omit<Phase1Declaration, "prf"> & { readonly prf: string };
export type Phase2 = z.output<typeof phase2>;
