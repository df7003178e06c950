import type { PoolVolume } from "../contract/libvirt";
import { domainXml, driveXml, type MachineBase } from "./domainXml";

/** A machine that works on a disk before anybody may meet it. */
export interface IsolatedMachine extends MachineBase {
  /** The guest tells by it that it is the copy. */
  readonly uuid: string;
  /** Who the disk is to be, an archive on a disk of its own. */
  readonly identity?: PoolVolume | undefined;
}

/** How it is told from a machine that must not be touched. */
export const ISOLATED_MARK = "openbsd-ipsec-gateway: without a network, gone when it is done";

/**
 * libvirt's definition of a machine without a network that ends when its guest powers off. The random
 * generator is what the new gateway's keys come from, so it has one like every other.
 */
export function isolatedXml(machine: IsolatedMachine): string {
  const { uuid, disk, identity } = machine;
  return domainXml(machine, {
    uuid,
    mark: ISOLATED_MARK,
    vcpus: 1,
    boot: "hd",
    devices: [
      driveXml(disk, "vda"),
      ...(identity ? [driveXml(identity, "vdb", "<readonly/>")] : []),
    ],
  });
}
