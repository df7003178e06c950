import type { PoolVolume } from "../contract/libvirt";
import { domainXml, driveXml, type MachineBase, xmlText } from "./domainXml";

/** The machine that runs the installer: what the gateway will be, and the CDs. */
export interface InstallerMachine extends MachineBase {
  readonly vcpus: number;
  readonly bridge: string;
  /** MAC address, lower case with colons; the gateway's own, as the LAN will know it. */
  readonly mac: string;
  /** The install CD first: OpenBSD numbers them in this order. */
  readonly cds: readonly PoolVolume[];
}

/** How a machine that only installs is told from one that must not be touched. */
export const INSTALLER_MARK = "openbsd-ipsec-gateway: installer, gone when it is done";

/**
 * libvirt's definition of the machine that installs. It differs from the gateway's where that helps:
 * it boots nothing but the CD, whatever is on the disk, and it ends instead of starting again, so
 * that the gateway itself never has a CD, and never starts from one.
 */
export function installerXml(machine: InstallerMachine): string {
  const { vcpus, bridge, mac, disk, cds } = machine;
  const network = `    <interface type="bridge">
      <mac address="${xmlText(mac)}"/>
      <source bridge="${xmlText(bridge)}"/>
      <model type="virtio"/>
    </interface>`;
  return domainXml(machine, {
    mark: INSTALLER_MARK,
    vcpus,
    boot: "cdrom",
    devices: [driveXml(disk, "vda"), ...cds.map(cdrom), network],
  });
}

function cdrom({ pool, volume }: PoolVolume, index: number): string {
  return `    <disk type="volume" device="cdrom">
      <driver name="qemu" type="raw"/>
      <source pool="${xmlText(pool)}" volume="${xmlText(volume)}"/>
      <target dev="sd${"abcd".charAt(index)}" bus="sata"/>
      <readonly/>
    </disk>`;
}
