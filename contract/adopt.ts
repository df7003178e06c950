import { z } from "zod";
import { disk, domainType, libvirtName } from "./libvirt";
import type { Value } from "./types";

const line = z.string().regex(/^[^\r\n]+$/, "is not one line");

/** Who a copied disk is to be. Nothing in it is secret: its keys are made on it. */
const identity = z.strictObject({
  hostname: libvirtName,
  /** As the system names it: vio0. */
  interface: z.string().regex(/^[a-z]+[0-9]+$/, "is not an interface name such as vio0"),
  /** Address with prefix, or dhcp. */
  address: line,
  gateway: line.optional(),
  dns: z.array(line),
  /** Root's SSH keys, in the form of authorized_keys. */
  sshPublicKeys: z.array(line).min(1),
});

/** A copy that is to be made: what `gateway adopt --values` takes. */
export const copyRequest = z.strictObject({
  /** The sealed disk. */
  from: disk,
  /** Of the sealed disk. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/, "is not a SHA-256"),
  /** The disk that is made. */
  to: disk,
  /** Size of the new disk; not smaller than the sealed one. */
  bytes: z.int().min(1),
  machine: z.strictObject({
    domainType,
    memoryMiB: z.int().min(64),
    tcgBufferMiB: z.int().optional(),
  }),
  identity,
});

/** A disk that was kept, with a gateway on it; the other thing that `gateway adopt --values` takes. */
export const keptRequest = z.strictObject({
  to: disk,
  /** Of the gateway that is on it. */
  hostKey: line,
});

/** What `gateway adopt --json` prints of a disk that was kept. */
export const keptDisk = z.object({
  /** Of the gateway on it: `ssh-ed25519 AAAA…`. */
  hostKey: z.string(),
  /** libvirt's key of the volume. */
  volumeId: z.string(),
});

/** What it prints of a copy. */
export const adopted = keptDisk.extend({
  /** Of the whole disk. */
  sha256: z.string(),
  bytes: z.number(),
  /** Bytes that crossed to the target, packed; and bytes in use that were there already. */
  moved: z.number(),
  kept: z.number(),
  seconds: z.object({ copy: z.number(), identity: z.number() }),
  /** Everything its console said, a file. */
  transcript: z.string(),
});

/** The note behind the identity on a copy's medium, which a later run of another version may read. */
export const receipt = z.object({
  of: z.string(),
  /** Absent: the disk has no identity yet, or a part of one. */
  done: z.object({ start: z.string(), adopted }).optional(),
});

export type Identity = Value<typeof identity>;
export type CopyRequest = Value<typeof copyRequest>;
export type KeptRequest = Value<typeof keptRequest>;
export type KeptDisk = Value<typeof keptDisk>;
export type Adopted = Value<typeof adopted>;
export type Receipt = Value<typeof receipt>;
