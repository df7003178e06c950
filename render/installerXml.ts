/** A volume in a libvirt pool. */
export interface PoolVolume {
  readonly pool: string;
  readonly volume: string;
}

/** The machine that runs the installer: what the gateway will be, and the CDs. */
export interface InstallerMachine {
  readonly name: string;
  readonly domainType: "kvm" | "qemu";
  readonly memoryMiB: number;
  readonly vcpus: number;
  readonly bridge: string;
  /** MAC address, lower case with colons; the gateway's own, as the LAN will know it. */
  readonly mac: string;
  /** Translation buffer of an emulated guest, MiB. */
  readonly tcgBufferMiB?: number | undefined;
  readonly disk: PoolVolume;
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
  const { name, domainType, memoryMiB, vcpus, bridge, mac, tcgBufferMiB, disk, cds } = machine;
  const kvm = domainType === "kvm";
  const tcg =
    kvm || tcgBufferMiB === undefined
      ? ""
      : `<tcg><tb-cache unit="MiB">${tcgBufferMiB}</tb-cache></tcg>`;
  return `<domain type="${domainType}">
  <name>${text(name)}</name>
  <description>${INSTALLER_MARK}</description>
  <memory unit="MiB">${memoryMiB}</memory>
  <vcpu>${vcpus}</vcpu>
  <os>
    <type arch="x86_64" machine="q35">hvm</type>
    <boot dev="cdrom"/>
    <bios useserial="yes"/>
  </os>
  <features><acpi/><apic/>${tcg}</features>
  <cpu mode="${kvm ? "host-model" : "maximum"}"/>
  <clock offset="utc"/>
  <on_poweroff>destroy</on_poweroff>
  <on_reboot>destroy</on_reboot>
  <on_crash>destroy</on_crash>
  <devices>
    <disk type="volume" device="disk">
      <driver name="qemu" type="raw"/>
      <source pool="${text(disk.pool)}" volume="${text(disk.volume)}"/>
      <target dev="vda" bus="virtio"/>
    </disk>
${cds.map(cdrom).join("\n")}
    <interface type="bridge">
      <mac address="${text(mac)}"/>
      <source bridge="${text(bridge)}"/>
      <model type="virtio"/>
    </interface>
    <serial type="pty"><target port="0"/></serial>
    <console type="pty"><target type="serial" port="0"/></console>
    <rng model="virtio"><backend model="random">/dev/urandom</backend></rng>
    <memballoon model="none"/>
  </devices>
</domain>
`;
}

function cdrom({ pool, volume }: PoolVolume, index: number): string {
  return `    <disk type="volume" device="cdrom">
      <driver name="qemu" type="raw"/>
      <source pool="${text(pool)}" volume="${text(volume)}"/>
      <target dev="sd${"abcd".charAt(index)}" bus="sata"/>
      <readonly/>
    </disk>`;
}

function text(value: string): string {
  return value.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
}
