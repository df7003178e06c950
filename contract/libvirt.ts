import { z } from "zod";
import type { Value } from "./types";

/** A name that libvirt, the shell and a file system all take as it is. */
export const libvirtName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, "is not a usable name");

/** A volume in a libvirt pool. */
export const poolVolume = z.strictObject({ pool: libvirtName, volume: libvirtName });

/** A disk in a libvirt pool, anywhere. */
export const disk = z.strictObject({
  /** libvirt connection URI. */
  uri: z.string().min(1),
  pool: libvirtName,
  volume: libvirtName,
});

export const domainType = z.enum(["kvm", "qemu"]);

export type PoolVolume = Value<typeof poolVolume>;
export type Disk = Value<typeof disk>;
export type DomainType = z.output<typeof domainType>;
