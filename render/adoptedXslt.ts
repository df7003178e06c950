import { PROTECTION } from "../config/protectionMark";
import type { PoolVolume } from "../contract/libvirt";
import { xmlText } from "./domainXml";

/** What a machine's definition becomes on another hypervisor. */
export interface AdoptedMachine {
  readonly name: string;
  readonly uuid: string;
  readonly domainType: "kvm" | "qemu";
  readonly memoryMiB: number;
  readonly vcpus: number;
  readonly disk: PoolVolume;
  readonly bridge: string;
  /** MAC address, lower case with colons. */
  readonly mac: string;
}

/**
 * XSLT that makes another machine of a definition that `virsh dumpxml --inactive` printed. What the
 * operator chose stays; what names the first machine or the first hypervisor is replaced, and what
 * libvirt chooses by itself goes, so that the second one chooses again.
 */
export function adoptedXslt(machine: AdoptedMachine): string {
  const { name, uuid, domainType, memoryMiB, vcpus, disk, bridge, mac } = machine;
  // Expanded, a model and its features would be those of the first hypervisor's processor.
  const cpu = domainType === "kvm" ? "host-model" : "maximum";
  return `<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:output omit-xml-declaration="yes" indent="yes"/>
  <xsl:strip-space elements="*"/>
  <xsl:template match="@*|node()">
    <xsl:copy><xsl:apply-templates select="@*|node()"/></xsl:copy>
  </xsl:template>

  <xsl:template match="/domain/@id"/>
  <xsl:template match="/domain/@type"><xsl:attribute name="type">${domainType}</xsl:attribute></xsl:template>
  <xsl:template match="/domain/name"><name>${xmlText(name)}</name></xsl:template>
  <xsl:template match="/domain/uuid"><uuid>${xmlText(uuid)}</uuid></xsl:template>
  <xsl:template match="/domain/description">
    <description>a copy of <xsl:value-of select="../name"/></description>
  </xsl:template>
  <xsl:template match="/domain/memory"><memory unit="MiB">${memoryMiB}</memory></xsl:template>
  <xsl:template match="/domain/currentMemory"/>
  <xsl:template match="/domain/vcpu"><vcpu>${vcpus}</vcpu></xsl:template>
  <xsl:template match="/domain/cpu"><cpu mode="${cpu}"/></xsl:template>
  <!-- Of another stack's machine.protect. -->
  <xsl:template match="/domain/metadata/*[namespace-uri() = '${PROTECTION.uri}']"/>
  <xsl:template match="/domain/resource|/domain/seclabel|/domain/devices/emulator"/>

  <!-- A version that the other hypervisor may not have. -->
  <xsl:template match="/domain/os/type/@machine[starts-with(., 'pc-q35')]">
    <xsl:attribute name="machine">q35</xsl:attribute>
  </xsl:template>
  <xsl:template match="/domain/os/type/@machine[starts-with(., 'pc-i440fx')]">
    <xsl:attribute name="machine">pc</xsl:attribute>
  </xsl:template>

  <xsl:template match="/domain/devices/disk"/>
  <xsl:template match="/domain/devices/disk[@device='disk' or not(@device)][1]" priority="1">
    <disk type="volume" device="disk">
      <driver name="qemu" type="raw"/>
      <source pool="${xmlText(disk.pool)}" volume="${xmlText(disk.volume)}"/>
      <xsl:copy-of select="target"/>
    </disk>
  </xsl:template>

  <xsl:template match="/domain/devices/interface"/>
  <xsl:template match="/domain/devices/interface[1]" priority="1">
    <interface type="bridge">
      <mac address="${xmlText(mac)}"/>
      <source bridge="${xmlText(bridge)}"/>
      <xsl:copy-of select="model"/>
    </interface>
  </xsl:template>

  <xsl:template match="/domain/devices/controller|/domain/devices//address|/domain/devices//alias"/>
  <xsl:template match="/domain/devices/serial/source|/domain/devices/console/source|/domain/devices/console/@tty"/>
</xsl:stylesheet>
`;
}
