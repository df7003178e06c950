import type { PoolVolume } from "../contract/libvirt";

/** What every machine that works on a gateway's disk has in common with the gateway. */
export interface MachineBase {
  readonly name: string;
  readonly domainType: "kvm" | "qemu";
  readonly memoryMiB: number;
  /** Translation buffer of an emulated guest, MiB. */
  readonly tcgBufferMiB?: number | undefined;
  readonly disk: PoolVolume;
}

/** What differs from one such machine to the other. */
export interface MachineParts {
  readonly uuid?: string;
  /** How it is told from a machine that must not be touched. */
  readonly mark: string;
  readonly vcpus: number;
  readonly boot: "cdrom" | "hd";
  /** libvirt's elements of disks and interfaces, indented by four. */
  readonly devices: readonly string[];
}

/**
 * libvirt's definition of a machine that ends whenever its guest does, and never starts again by itself.
 * Its console is a serial one from the BIOS on.
 */
export function domainXml(machine: MachineBase, parts: MachineParts): string {
  const { name, domainType, memoryMiB, tcgBufferMiB } = machine;
  const { uuid, mark, vcpus, boot, devices } = parts;
  const kvm = domainType === "kvm";
  const tcg =
    kvm || tcgBufferMiB === undefined
      ? ""
      : `<tcg><tb-cache unit="MiB">${tcgBufferMiB}</tb-cache></tcg>`;
  return `<domain type="${domainType}">
  <name>${xmlText(name)}</name>
${uuid === undefined ? "" : `  <uuid>${xmlText(uuid)}</uuid>\n`}  <description>${mark}</description>
  <memory unit="MiB">${memoryMiB}</memory>
  <vcpu>${vcpus}</vcpu>
  <os>
    <type arch="x86_64" machine="q35">hvm</type>
    <boot dev="${boot}"/>
    <bios useserial="yes"/>
  </os>
  <features><acpi/><apic/>${tcg}</features>
  <cpu mode="${kvm ? "host-model" : "maximum"}"/>
  <clock offset="utc"/>
  <on_poweroff>destroy</on_poweroff>
  <on_reboot>destroy</on_reboot>
  <on_crash>destroy</on_crash>
  <devices>
${devices.join("\n")}
    <serial type="pty"><target port="0"/></serial>
    <console type="pty"><target type="serial" port="0"/></console>
    <rng model="virtio"><backend model="random">/dev/urandom</backend></rng>
    <memballoon model="none"/>
  </devices>
</domain>
`;
}

export function driveXml({ pool, volume }: PoolVolume, target: string, more = ""): string {
  return `    <disk type="volume" device="disk">
      <driver name="qemu" type="raw"/>
      <source pool="${xmlText(pool)}" volume="${xmlText(volume)}"/>
      <target dev="${target}" bus="virtio"/>${more}
    </disk>`;
}

/** A value as the text of an element, or of an attribute. */
export function xmlText(value: string): string {
  return value.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
}
