import { z } from "zod";
import { domainType, libvirtName, poolVolume } from "./libvirt";
import type { Value } from "./types";

/** What is installed where: what `gateway install --values` takes. Nothing in it is secret. */
export const installPlan = z.strictObject({
  /** libvirt connection URI. */
  uri: z.string().min(1),
  /** The domain's name; there must be none of it. */
  name: libvirtName,
  /** Sets how long each step may take: `qemu` is emulated. Default kvm. */
  domainType: domainType.default("kvm"),
  memoryMiB: z.int().min(64),
  vcpus: z.int().min(1).default(1),
  bridge: libvirtName,
  mac: z.string().regex(/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/, "is not a MAC address in lower case"),
  /** Translation buffer of an emulated guest. */
  tcgBufferMiB: z.int().optional(),
  /** What is installed on. Everything on it is lost. */
  disk: poolVolume,
  /** The install CD, and for `stock` the one with the answers. */
  cds: z.array(poolVolume).min(1).max(2),
  /** Default remastered. */
  path: z.enum(["remastered", "stock"]).default("remastered"),
  /** Seconds that making and uploading the CD took, to be told with the rest. */
  before: z.strictObject({ media: z.number(), upload: z.number() }).optional(),
});

/** What `gateway install --json` prints. */
export const installReport = z.object({
  /** The gateway's host key, read on its console: `ssh-ed25519 AAAA…`. */
  hostKey: z.string(),
  /** Seconds by phase. */
  seconds: z.object({
    /** Making and uploading the CD; absent if the plan did not say. */
    media: z.number().optional(),
    upload: z.number().optional(),
    boot: z.number(),
    answers: z.number(),
    installation: z.number(),
    stop: z.number(),
    /** From power-on of the installer to its end. */
    total: z.number(),
  }),
  /** Everything the console said, a file (0600) on the machine that ran the installation. */
  transcript: z.string(),
});

/** What the stack keeps of it, also of one that an earlier version has printed. */
export const installed = installReport.pick({ hostKey: true, transcript: true }).extend({
  seconds: z.object({ media: z.number(), upload: z.number(), total: z.number() }),
});

export type InstallPath = InstallPlan["path"];
export type InstallPlan = Value<typeof installPlan>;
export type WrittenPlan = z.input<typeof installPlan>;
export type InstallReport = Value<typeof installReport>;
export type Installed = Value<typeof installed>;
