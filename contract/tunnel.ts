import { z } from "zod";
import { type Phase1, type Phase2, type Sec, type Traffic, tunnelSchema } from "../config/schema";
import type { Value } from "./types";

// A key that the configuration has and a record here has not would be lost without a word: hence each
// `satisfies`.
const declared = tunnelSchema.shape;

export const ikeVersion = z.union([z.literal(1), z.literal(2)]);

/** One pair of networks as both ends negotiate it, seen from the gateway. */
const selector = z.object({
  local: z.string(),
  remote: z.string(),
  protocol: declared.traffic.unwrap().element.shape.protocol.optional(),
  localPort: z.number().optional(),
  remotePort: z.number().optional(),
} satisfies Record<keyof Traffic | "local" | "remote", z.ZodType>);

const sec = z.object({
  unit: z.number(),
  address: z.string(),
  peerAddress: z.string(),
  mtu: z.number(),
} satisfies Record<keyof Sec, z.ZodType>);

const phase1 = z.object({
  encryption: z.string(),
  integrity: z.string().optional(),
  prf: z.string(),
  group: z.string(),
  /** Seconds. */
  lifetime: z.number(),
} satisfies Record<keyof Phase1, z.ZodType>);

const phase2 = z.object({
  encryption: z.string(),
  integrity: z.string().optional(),
  group: z.string(),
  /** Seconds. */
  lifetime: z.number(),
  bytes: z.number().optional(),
  esn: z.boolean().optional(),
} satisfies Record<keyof Phase2, z.ZodType>);

/** What the operator and the other side have to know of a tunnel; no secret. */
export const tunnel = z.object({
  name: z.string(),
  ikeVersion,
  peer: z.string(),
  vendor: declared.vendor.unwrap(),
  kind: declared.kind.unwrap(),
  /** Our networks and the peer's; what goes over the wire is in `selectors`. */
  local: z.array(z.string()),
  remote: z.array(z.string()),
  /** What the peer mirrors: NAT applied, 0/0 for kind `route`. */
  selectors: z.array(selector),
  /** The interface of kind `route`. */
  sec: sec.optional(),
  /** The address under which the peer sees `local`. */
  nat: z.object({ address: z.string() }).optional(),
  localId: z.string(),
  remoteId: z.string(),
  mode: declared.mode.unwrap(),
  auth: declared.auth.unwrap(),
  /** The peer's public key, PEM, with `auth: publickey`. */
  peerKey: z.string().optional(),
  phase1,
  phase2,
  /** Further proposals that the peer may choose, after the preferred one. */
  olderPhase1: z.array(phase1).optional(),
  olderPhase2: z.array(phase2).optional(),
  pskGeneration: z.number(),
  enabled: z.boolean(),
  watchdog: z.boolean(),
  /** The source is the address that the gateway really pings from. */
  probe: z.object({ source: z.string(), target: z.string() }).optional(),
});

/** A stack that an earlier version brought up last says less: without `selectors` every local network with every remote one. */
export const deployedTunnel = tunnel.partial({
  vendor: true,
  kind: true,
  selectors: true,
  auth: true,
  pskGeneration: true,
  watchdog: true,
});

export type TunnelDescription = Value<typeof tunnel>;
export type DeclaredTunnel = Value<typeof deployedTunnel>;
