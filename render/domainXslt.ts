import type { Hypervisor } from "../config/schema";

/** What the hypervisor section says about the machine itself. */
export type DomainTweaks = Pick<Hypervisor, "domainType" | "tcgBufferMiB">;

/**
 * XSLT for what the provider's schema cannot say (libvirt's domain format): BIOS messages on the
 * serial console, ACPI so that a shutdown request is heard, no balloon, no screen and no channel, and
 * a CD drive on SATA, because q35 has no IDE.
 */
export function domainXslt({ domainType, tcgBufferMiB }: DomainTweaks): string {
  const tcg =
    domainType === "qemu" && tcgBufferMiB !== undefined
      ? `<tcg><tb-cache unit="MiB">${tcgBufferMiB}</tb-cache></tcg>`
      : "";
  return `<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:output omit-xml-declaration="yes" indent="yes"/>
  <xsl:template match="@*|node()">
    <xsl:copy><xsl:apply-templates select="@*|node()"/></xsl:copy>
  </xsl:template>

  <xsl:template match="/domain">
    <xsl:copy>
      <xsl:apply-templates select="@*|node()[not(self::features)]"/>
      <features><acpi/><xsl:copy-of select="features/*[not(self::acpi or self::tcg)]"/>${tcg}</features>
    </xsl:copy>
  </xsl:template>

  <xsl:template match="/domain/os">
    <xsl:copy>
      <xsl:apply-templates select="@*|node()[not(self::bios)]"/>
      <bios useserial="yes"/>
    </xsl:copy>
  </xsl:template>

  <xsl:template match="/domain/devices">
    <xsl:copy>
      <xsl:apply-templates select="@*|node()[not(self::memballoon or self::graphics or self::video or self::channel)]"/>
      <memballoon model="none"/>
    </xsl:copy>
  </xsl:template>

  <xsl:template match="/domain/devices/disk[@device='cdrom']/target">
    <target dev="sda" bus="sata"/>
  </xsl:template>
</xsl:stylesheet>
`;
}
