import { z } from "zod";
import { configKey, identity, name } from "./forms";

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
});

export const tunnel = z.strictObject({
  /** Name of the resource, of the file on the gateway and of the pf tag `vpn-NAME`. */
  name: name(31).meta({ examples: ["west"] }),
  /** The peer's public address. Names are not accepted: pf and the perimeter need the address. */
  peer: z.string().meta({ examples: ["198.51.100.11"] }),
  /** Networks on our side, CIDR. Every local network reaches every remote one of its family. */
  local: z
    .array(z.string())
    .min(1)
    .meta({ examples: [["10.10.0.0/24"]] }),
  /** Networks on the peer's side, CIDR. Never leave the gateway in clear, also when disabled. */
  remote: z
    .array(z.string())
    .min(1)
    .meta({ examples: [["10.20.1.0/24"]] }),
  /** Who we say we are. Default network.publicAddress, which also fits behind a NAT. */
  localId: identity.optional(),
  /** Who the peer must say it is. Default: its address. */
  remoteId: identity.optional(),
  /** `active` starts the negotiation, `passive` waits for the peer. Default active. */
  mode: z.enum(["active", "passive"]).default("active"),
  /** IKE SA. Default: profile `modern` of the daemon (profiles.ts). */
  phase1: phase1.optional(),
  /** Child SA (ESP). Default: profile `modern` of the daemon. */
  phase2: phase2.optional(),
  /** Name of the secret stack config key that holds the pre-shared key. Default: one is generated. */
  psk: configKey.optional(),
  /** A ping that proves the tunnel: from an address in `local` to one in `remote`. */
  probe: z.strictObject({ source: z.string(), target: z.string() }).optional(),
  /** Default true. A disabled tunnel keeps its file, is not loaded, and its networks stay guarded. */
  enabled: z.boolean().default(true),
});

export type Phase1Declaration = z.output<typeof phase1>;
export type Phase1 = Omit<Phase1Declaration, "prf"> & { readonly prf: string };
export type Phase2 = z.output<typeof phase2>;

/** A tunnel as written, before the defaults that depend on other values. */
export type TunnelDeclaration = z.output<typeof tunnel>;

export interface Tunnel extends Omit<TunnelDeclaration, "phase1" | "phase2"> {
  readonly localId: string;
  readonly remoteId: string;
  readonly phase1: Phase1;
  readonly phase2: Phase2;
}
