import { z } from "zod";
import { sections, tunnelSchema } from "../../config/schema";
import { nat } from "../tunnel";
import type { Value } from "../types";

/** One thing that is wrong with a stack's values. Never holds a secret value. */
const problem = z.object({
  /** Stable code of the rule, GW001 for the shape itself. */
  code: z.string(),
  /** Where, as in `tunnels[2].remote[0]`. */
  path: z.string(),
  /** The tunnel's name, if it is about a tunnel with a usable one. */
  tunnel: z.string().optional(),
  message: z.string(),
  /** What to write instead, as an instruction. */
  fix: z.string(),
});

/** What `gateway check --json` prints. */
export const check = z.object({
  file: z.string(),
  problems: z.array(problem),
  warnings: z.array(problem),
});

const { mode, traffic } = tunnelSchema.shape;

const kinds = z.array(z.object(traffic.unwrap().element.shape));

const importedPhase1 = z.object({
  encryption: z.string(),
  integrity: z.string().optional(),
  prf: z.string().optional(),
  group: z.string(),
  lifetime: z.number(),
});

const importedPhase2 = z.object({
  encryption: z.string(),
  integrity: z.string().optional(),
  group: z.string(),
  lifetime: z.number(),
  bytes: z.number().optional(),
  esn: z.boolean().optional(),
});

/** A tunnel as it goes into the stack's file. */
const importedTunnel = z.object({
  name: z.string(),
  peer: z.string(),
  local: z.array(z.string()).optional(),
  remote: z.array(z.string()).optional(),
  /** In place of the two lists, where not all of them reach each other. */
  pairs: z
    .array(z.object({ local: z.string(), remote: z.string(), traffic: kinds.optional() }))
    .optional(),
  traffic: kinds.optional(),
  nat: nat.optional(),
  localId: z.string().optional(),
  remoteId: z.string().optional(),
  mode: mode.unwrap(),
  profile: z.string().optional(),
  /** In the order of the file, where there are several proposals. */
  phase1: z.union([importedPhase1, z.array(importedPhase1)]).optional(),
  phase2: z.union([importedPhase2, z.array(importedPhase2)]).optional(),
  exception: z.object({ reason: z.string(), expires: z.string() }).optional(),
  /** Absent: by a pre-shared key. */
  auth: z.enum(["publickey", "certificate"]).optional(),
  /** Name of the secret config key. */
  psk: z.string().optional(),
  /** With `auth: certificate`, until the gateway has a certificate. */
  enabled: z.literal(false).optional(),
  /** PEM, from the old gateway's files. */
  peerKey: z.string().optional(),
});

/** What became of a line. Never shows a key. */
const note = z.object({
  /** `left out`: not in the result. `changed`: in it, but not as it stood. `check`: true as far as known. */
  kind: z.enum(["left out", "changed", "check"]),
  file: z.string().optional(),
  line: z.number().optional(),
  tunnel: z.string().optional(),
  reason: z.string(),
  /** What to do, as an instruction. */
  fix: z.string(),
});

/** What `gateway import --json` prints. */
export const imported = z.object({
  ike: z.object({
    daemon: sections.ike.shape.daemon.unwrap(),
    deadPeerSeconds: z.number().optional(),
    fragmentation: z.boolean().optional(),
    /** PEM, from the old gateway's files. */
    certificates: z.object({ ca: z.string(), crl: z.string().optional() }).optional(),
  }),
  tunnels: z.array(importedTunnel),
  /** The config keys that hold the keys; no key itself. */
  secrets: z.array(z.string()),
  notes: z.array(note),
  /** What the stack would still refuse. */
  problems: z.array(problem),
});

export type Check = Value<typeof check>;
export type ImportDocument = Value<typeof imported>;
