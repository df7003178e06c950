import type { PoolVolume } from "./installerXml";

/** A machine that works on a disk before anybody may meet it. */
export interface IsolatedMachine {
  readonly name: string;
  /** The guest tells by it that it is the copy. */
  readonly uuid: string;
  readonly domainType: "kvm" | "qemu";
  readonly memoryMiB: number;
  /** Translation buffer of an emulated guest, MiB. */
  readonly tcgBufferMiB?: number | undefined;
  readonly disk: PoolVolume;
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
  const { name, uuid, domainType, memoryMiB, tcgBufferMiB, disk, identity } = machine;
  const kvm = domainType === "kvm";
  const tcg =
    kvm || tcgBufferMiB === undefined
      ? ""
      : `<tcg><tb-cache unit="MiB">${tcgBufferMiB}</tb-cache></tcg>`;
  return `<domain type="${domainType}">
  <name>${text(name)}</name>
  <uuid>${text(uuid)}</uuid>
  <description>${ISOLATED_MARK}</description>
  <memory unit="MiB">${memoryMiB}</memory>
  <vcpu>1</vcpu>
  <os>
    <type arch="x86_64" machine="q35">hvm</type>
    <boot dev="hd"/>
    <bios useserial="yes"/>
  </os>
  <features><acpi/><apic/>${tcg}</features>
  <cpu mode="${kvm ? "host-model" : "maximum"}"/>
  <clock offset="utc"/>
  <on_poweroff>destroy</on_poweroff>
  <on_reboot>destroy</on_reboot>
  <on_crash>destroy</on_crash>
  <devices>
${drive(disk, "vda")}${identity ? `\n${drive(identity, "vdb", "<readonly/>")}` : ""}
    <serial type="pty"><target port="0"/></serial>
    <console type="pty"><target type="serial" port="0"/></console>
    <rng model="virtio"><backend model="random">/dev/urandom</backend></rng>
    <memballoon model="none"/>
  </devices>
</domain>
`;
}

function drive({ pool, volume }: PoolVolume, target: string, more = ""): string {
  return `    <disk type="volume" device="disk">
      <driver name="qemu" type="raw"/>
      <source pool="${text(pool)}" volume="${text(volume)}"/>
      <target dev="${target}" bus="virtio"/>${more}
    </disk>`;
}

function text(value: string): string {
  return value.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
}
