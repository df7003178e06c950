import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DomainTweaks, domainXslt } from "../../../render/domainXslt";
import { describeWith, run } from "../support/tools";

/** A domain as the libvirt provider writes it before the stylesheet. */
const DOMAIN = `<domain type="qemu">
  <name>gw</name>
  <memory unit="MiB">256</memory>
  <vcpu>1</vcpu>
  <os><type arch="x86_64" machine="q35">hvm</type><boot dev="hd"/></os>
  <features><pae/><acpi/><apic/></features>
  <cpu mode="maximum"/>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
    <disk type="volume" device="disk">
      <driver name="qemu" type="raw"/><source pool="vg0" volume="gw"/><target dev="vda" bus="virtio"/>
    </disk>
    <disk type="file" device="cdrom">
      <source file="/media/install.iso"/><target dev="hdd" bus="ide"/><readonly/>
    </disk>
    <interface type="bridge"><mac address="52:54:00:0a:0a:02"/><source bridge="br0"/><model type="virtio"/></interface>
    <console type="pty"><target type="serial" port="0"/></console>
    <channel type="unix"><target type="virtio" name="org.qemu.guest_agent.0"/></channel>
    <graphics type="spice" autoport="yes"/>
    <video><model type="cirrus"/></video>
    <rng model="virtio"><backend model="random">/dev/urandom</backend></rng>
  </devices>
</domain>
`;

const folder = mkdtempSync(join(tmpdir(), "xslt-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

function transform(tweaks: DomainTweaks, domain = DOMAIN): string {
  const result = run("xsltproc", [
    "--nonet",
    file("sheet.xsl", domainXslt(tweaks)),
    file("domain.xml", domain),
  ]);
  expect(result).toMatchObject({ status: 0, stderr: "" });
  return result.stdout;
}

/** The elements of one kind, on one line each. */
function elements(xml: string, name: string): string[] {
  const flat = xml.replace(/>\s+</g, "><");
  return flat.match(new RegExp(`<${name}(?=[ />])(?:[^>]*/>|.*?</${name}>)`, "g")) ?? [];
}

describeWith("xsltproc")("the domain's stylesheet", () => {
  const emulated = { domainType: "qemu", tcgBufferMiB: 128 } as const;

  it("turns the BIOS to the serial line and keeps what the provider wrote", () => {
    expect(elements(transform(emulated), "os")).toEqual([
      '<os><type arch="x86_64" machine="q35">hvm</type><boot dev="hd"/><bios useserial="yes"/></os>',
    ]);
    expect(elements(transform(emulated), "rng")).toHaveLength(1);
    expect(elements(transform(emulated), "console")).toHaveLength(1);
  });

  it("removes screen and channel, and the balloon", () => {
    const xml = transform(emulated);
    for (const name of ["graphics", "video", "channel"]) expect(elements(xml, name)).toEqual([]);
    expect(elements(xml, "memballoon")).toEqual(['<memballoon model="none"/>']);
  });

  it("bounds the translation buffer of an emulated guest, and of no other", () => {
    expect(elements(transform(emulated), "features")).toEqual([
      '<features><acpi/><pae/><apic/><tcg><tb-cache unit="MiB">128</tb-cache></tcg></features>',
    ]);
    expect(elements(transform({ domainType: "qemu" }), "tcg")).toEqual([]);
    expect(elements(transform({ ...emulated, domainType: "kvm" }), "tcg")).toEqual([]);
  });

  it("hears a shutdown request also when the provider wrote no features", () => {
    const bare = DOMAIN.replace(/<features>.*<\/features>/, "");
    expect(elements(transform({ domainType: "kvm" }, bare), "features")).toEqual([
      "<features><acpi/></features>",
    ]);
  });

  it("puts a CD drive on SATA and leaves the disk where it is", () => {
    const [disk, cdrom] = elements(transform(emulated), "disk");
    expect(disk).toContain('<target dev="vda" bus="virtio"/>');
    expect(cdrom).toContain('<target dev="sda" bus="sata"/>');
  });

  it("changes nothing the second time", () => {
    const once = transform(emulated);
    expect(transform(emulated, once).replace(/\s+/g, "")).toBe(once.replace(/\s+/g, ""));
  });
});

describeWith(
  "virt-xml-validate",
  "xmllint",
  "xsltproc",
)("libvirt's schema", () => {
  it("accepts the result", () => {
    const xml = transform({ domainType: "qemu", tcgBufferMiB: 128 });
    const result = run("virt-xml-validate", [file("result.xml", xml), "domain"]);
    expect(result).toMatchObject({ status: 0 });
  });
});
