import { PROTECTION } from "../config/protectionMark";
import { xmlText } from "./domainXml";

/** A network card, its MAC address in lower case. */
export interface Card {
  readonly bridge: string;
  readonly mac: string;
}

export interface ProvidedMachine {
  readonly name: string;
  readonly domainType: "kvm" | "qemu";
  readonly memoryMiB: number;
  readonly vcpus: number;
  readonly pool: string;
  readonly cards: readonly Card[];
}

/** The machine as the libvirt provider writes it before a stylesheet: to try one on before anything is made. */
export function providedXml(machine: ProvidedMachine): string {
  const { name, domainType, memoryMiB, vcpus, pool, cards } = machine;
  return `<domain type="${domainType}">
  <name>${xmlText(name)}</name>
  <description>installation</description>
  <memory unit="MiB">${memoryMiB}</memory>
  <vcpu>${vcpus}</vcpu>
  <os><type arch="x86_64" machine="q35">hvm</type></os>
  <features><pae/><acpi/><apic/></features>
  <cpu mode="${domainType === "kvm" ? "host-model" : "maximum"}"/>
  <devices>
    <disk type="volume" device="disk">
      <driver name="qemu" type="raw"/>
      <source pool="${xmlText(pool)}" volume="${xmlText(name)}"/>
      <target dev="vda" bus="virtio"/>
    </disk>
${cards.map(cardXml).join("\n")}
    <console type="pty"><target type="serial" port="0"/></console>
    <channel type="unix"><target type="virtio" name="org.qemu.guest_agent.0"/></channel>
    <rng model="virtio"><backend model="random">/dev/urandom</backend></rng>
  </devices>
</domain>
`;
}

const cardXml = ({ bridge, mac }: Card): string =>
  `    <interface type="bridge"><mac address="${xmlText(mac)}"/><source bridge="${xmlText(bridge)}"/><model type="virtio"/></interface>`;

/**
 * A stylesheet that prints, one a line, what the stack relies on in a definition. The provider reads disks,
 * cards, memory and processors back: another number of these is a difference that every later update would make
 * the machine anew for. The description tells which installation it is, and the console is how it is installed
 * and repaired.
 */
export const DOMAIN_FACTS = `<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:output method="text"/>
  <xsl:template match="/">
    <xsl:for-each select="domain">
      <xsl:value-of select="concat('type ', @type, '&#10;name ', name, '&#10;description ', description, '&#10;')"/>
      <xsl:value-of select="concat('memory ', memory, ' ', memory/@unit, '&#10;processors ', vcpu, '&#10;')"/>
      <xsl:if test="features/acpi">acpi&#10;</xsl:if>
      <xsl:if test="os/bios/@useserial = 'yes'">BIOS on the console&#10;</xsl:if>
      <xsl:for-each select="devices/console[target/@type = 'serial']">
        <xsl:value-of select="concat('console ', @type, ' ', target/@port, '&#10;')"/>
      </xsl:for-each>
      <xsl:for-each select="devices/disk">
        <xsl:value-of select="concat('disk ', @device, ' ', target/@dev, ' ', target/@bus, ' ', source/@pool, ' ', source/@volume, source/@file, source/@dev, '&#10;')"/>
      </xsl:for-each>
      <xsl:for-each select="devices/interface">
        <xsl:value-of select="concat('network card ', @type, ' ', mac/@address, ' ', source/@bridge, ' ', model/@type, '&#10;')"/>
      </xsl:for-each>
      <xsl:if test="metadata/*[namespace-uri() = '${PROTECTION.uri}']">mark of protection&#10;</xsl:if>
    </xsl:for-each>
  </xsl:template>
</xsl:stylesheet>
`;
