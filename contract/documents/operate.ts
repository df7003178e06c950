import { z } from "zod";
import { proof } from "../proof";
import { disk } from "../libvirt";
import type { Value } from "../types";
import { tunnelState } from "./status";

const driftFinding = z.object({
  kind: z.enum(["file", "service", "sysctl", "pf", "tunnel", "package", "errata", "perimeter"]),
  /** Which one: a path, a name. */
  what: z.string(),
  problem: z.string(),
  /** URNs of the steps that put it right when they run again; none: the stack cannot. */
  steps: z.array(z.string()),
  /** What to do where the stack cannot. */
  fix: z.string().optional(),
});

/** What `gateway drift --json` prints. */
export const drift = z.object({
  findings: z.array(driftFinding),
  /** Worth knowing though nothing drifted. */
  notes: z.array(z.string()),
  /** URNs of the steps that `--mark` has marked. */
  marked: z.array(z.string()),
  /** Why something could not be compared. */
  unknown: z.array(z.string()),
});

const row = z.object({
  /** What was looked at: `udp-500`, `source`, `ports`, `esp`, `mtu west`. */
  check: z.string(),
  /**
   * `ok`: seen to be right. `unseen`: as declared, and nothing speaks against it, but no packet showed it
   * just now. `wrong`: seen to be wrong. `unknown`: cannot be seen from here.
   */
  result: z.enum(["ok", "unseen", "wrong", "unknown"]),
  seen: z.string(),
  fix: z.string().optional(),
});

/** What `gateway path --json` prints. */
export const path = z.object({
  rows: z.array(row),
  /** Why no probe was sent from somewhere. */
  notes: z.array(z.string()),
});

/** What `gateway peer NAME --json` prints. */
export const peer = z.object({ tunnel: z.string(), vendor: z.string(), text: z.string() });

/** What `gateway peer --list --json` prints. */
export const peers = z.array(z.object({ name: z.string(), peer: z.string(), vendor: z.string() }));

/** What `gateway tunnel --json` prints. */
export const tunnelAction = z.object({
  action: z.string(),
  /** The gateway's own lines. */
  said: z.array(z.string()),
  tunnels: z.array(
    z.object({
      name: z.string(),
      state: tunnelState,
      /** What was asked for. */ reached: z.boolean(),
    }),
  ),
  /** Other tunnels whose SAs changed meanwhile. */
  disturbed: z.array(z.string()),
});

const finding = z.object({
  name: z.string(),
  ok: z.boolean(),
  /** What is wrong, or what was seen. */
  detail: z.string(),
});

/** What `gateway verify --json` prints. */
export const verify = z.object({
  stack: z.string(),
  ok: z.boolean(),
  findings: z.array(finding),
  /** What was recorded, if anything was. */
  proof: proof.optional(),
});

/** What `gateway upgrade --json` prints. */
export const upgrade = z.object({
  gateway: z.string(),
  from: z.string(),
  /** What it runs now. */
  release: z.string(),
  findings: z.array(finding),
  /** The copy of the disk of before, and the commands that go back to it and that remove it. */
  copy: z.string().optional(),
  back: z.string().optional(),
  remove: z.string().optional(),
});

const during = z.object({
  looks: z.number(),
  /** Looks at which one of the wanted was not proven. */
  unproven: z.number(),
});

const migrated = z.object({
  /** Tunnels that were proven before: all of them have to be so afterwards. */
  before: z.array(z.string()),
  /** Those that are not. */
  missing: z.array(z.string()),
  during,
  seconds: z.number(),
  /** The stack's state as it was. */
  backup: z.string(),
  /** What the stack's preview says now. */
  preview: z.string(),
  clean: z.boolean(),
});

/** What `gateway migrate --json` prints; all of the outcome is absent where nothing was moved. */
export const migrate = z
  .object({
    stack: z.string(),
    from: z.string(),
    to: z.string(),
    ok: z.boolean(),
    findings: z.array(finding),
  })
  .extend(migrated.partial().shape);

/**
 * What a volume is to a gateway. Each is told by what this program has left: a disk or a configuration
 * that names it, a mark in its first bytes, a volume beside it, or a name that nothing else gives.
 */
const role = z.enum([
  "in use",
  "declared",
  "retained",
  "sealed",
  "unsealed",
  "incomplete",
  "copy",
  "identity",
  "before upgrade",
]);

const volume = z.object({ ...disk.shape, stack: z.string(), bytes: z.number(), role });

/** What `gateway promote --list --json` prints. */
export const volumes = z.array(volume);

export type DriftFinding = Value<typeof driftFinding>;
export type PathResult = PathRow["result"];
export type PathRow = Value<typeof row>;
export type Finding = Value<typeof finding>;
export type During = Value<typeof during>;
export type Migrated = Value<typeof migrated>;
export type Role = z.output<typeof role>;
export type Volume = Value<typeof volume>;
export type DriftDocument = Value<typeof drift>;
export type PathDocument = Value<typeof path>;
export type Peer = Value<typeof peer>;
export type Peers = Value<typeof peers>;
export type TunnelAction = Value<typeof tunnelAction>;
export type Verify = Value<typeof verify>;
export type Upgraded = Value<typeof upgrade>;
export type MigrateDocument = Value<typeof migrate>;
