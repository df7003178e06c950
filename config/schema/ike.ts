import { z } from "zod";

export const ike = z.strictObject({
  /** `iked` (IKEv2, default) or `isakmpd` (IKEv1, for peers that know nothing newer). One at a time. */
  daemon: z.enum(["iked", "isakmpd"]).default("iked"),
  /** Seconds of silence before a peer is asked whether it lives. Default 30. */
  deadPeerSeconds: z.int().min(5).max(3600).default(30),
});

export type Ike = z.output<typeof ike>;
export type Daemon = Ike["daemon"];
