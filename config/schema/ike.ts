import { z } from "zod";

/** Named sets of algorithms, strongest first; what each is made of is in profiles.ts. */
export const profileName = z.enum(["pq", "modern", "compat", "legacy-v1"]);

export const ike = z.strictObject({
  /** `iked` (IKEv2, default) or `isakmpd` (IKEv1, for peers that know nothing newer). One at a time. */
  daemon: z.enum(["iked", "isakmpd"]).default("iked"),
  /** Seconds of silence before a peer is asked whether it lives. Default 30. */
  deadPeerSeconds: z.int().min(5).max(3600).default(30),
  /** The algorithms of every tunnel that says nothing else. Default `modern`. */
  profile: profileName.default("modern"),
  /**
   * Whether iked splits large messages itself (RFC 7383). Default true: a path that drops IP fragments
   * makes a peer with certificates or a large key exchange look dead.
   */
  fragmentation: z.boolean().default(true),
});

export type Ike = z.output<typeof ike>;
export type Daemon = Ike["daemon"];
export type ProfileName = z.output<typeof profileName>;
