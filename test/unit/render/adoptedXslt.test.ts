import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PROTECTION } from "../../../config/protectionMark";
import { parseDomainCapabilities, unsupported } from "../../../parse/domainCapabilities";
import { type AdoptedMachine, adoptedXslt } from "../../../render/adoptedXslt";
import { isolatedXml } from "../../../render/isolatedXml";
import { describeWith, run } from "../support/tools";

const EXPORTED = readFileSync(join(__dirname, "support/exportedDomain.xml"), "utf8");
const CAPABILITIES = readFileSync(join(__dirname, "support/domainCapabilities.xml"), "utf8");

const machine: AdoptedMachine = {
  name: "gw-prod",
  uuid: "7b1f9c1e-54c5-4d0c-9d2b-0a3f5d9b1c11",
  domainType: "kvm",
  memoryMiB: 1024,
  vcpus: 2,
  disk: { pool: "vg1", volume: "gw-prod" },
  bridge: "br7",
  mac: "52:54:00:0a:0a:03",
};

const folder = mkdtempSync(join(tmpdir(), "adopted-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

function adopted(changes: Partial<AdoptedMachine> = {}, exported = EXPORTED): string {
  const sheet = file("rules.xsl", adoptedXslt({ ...machine, ...changes }));
  const result = run("xsltproc", ["--nonet", sheet, file("exported.xml", exported)]);
  expect(result).toMatchObject({ status: 0, stderr: "" });
  return result.stdout;
}

describeWith("xsltproc")("a definition for another hypervisor", () => {
  it("has the second machine's name, place and size", () => {
    const xml = adopted();
    expect(xml).toContain('<domain type="kvm">');
    expect(xml).toContain("<name>gw-prod</name>");
    expect(xml).toContain(`<uuid>${machine.uuid}</uuid>`);
    expect(xml).toContain("<description>a copy of gw-test</description>");
    expect(xml).toContain('<memory unit="MiB">1024</memory>');
    expect(xml).toContain("<vcpu>2</vcpu>");
    expect(xml).toMatch(
      /<source pool="vg1" volume="gw-prod"\/>\s*<target dev="vda" bus="virtio"\/>/,
    );
    expect(xml).toMatch(/<mac address="52:54:00:0a:0a:03"\/>\s*<source bridge="br7"\/>/);
  });

  it("is not protected because the first machine is", () => {
    const metadata = `<metadata><gateway:protected xmlns:gateway="${PROTECTION.uri}" word="a"/><kept/></metadata>`;
    const xml = adopted({}, EXPORTED.replace("</name>", `</name>${metadata}`));
    expect(xml).toContain("<kept/>");
    expect(xml).not.toContain("protect");
  });

  it("lets the second hypervisor choose processor, machine version, emulator and addresses", () => {
    const xml = adopted();
    expect(xml).toContain('<cpu mode="host-model"/>');
    expect(xml).toContain('machine="q35"');
    for (const gone of ["<address", "<alias", "<controller", "<emulator", "gw-test<", "0a:0a:02"]) {
      expect(xml.replace("a copy of gw-test<", "")).not.toContain(gone);
    }
    expect(adopted({ domainType: "qemu" })).toContain('<cpu mode="maximum"/>');
    const old = EXPORTED.replace("pc-q35-7.2", "pc-i440fx-7.2");
    expect(adopted({}, old)).toContain('machine="pc"');
  });

  it("keeps what the operator chose", () => {
    const xml = adopted();
    for (const kept of [
      '<bios useserial="yes"/>',
      "<on_reboot>restart</on_reboot>",
      '<memballoon model="none"/>',
      '<serial type="pty">',
      '<model type="virtio"/>',
    ]) {
      expect(xml).toContain(kept);
    }
  });

  it("leaves CDs, further disks and further networks behind", () => {
    const more = EXPORTED.replace(
      "<controller",
      `<disk type='file' device='cdrom'><source file='/x.iso'/><target dev='sda' bus='sata'/></disk>
       <disk type='file' device='disk'><source file='/y.img'/><target dev='vdb' bus='virtio'/></disk>
       <interface type='bridge'><source bridge='br9'/><model type='virtio'/></interface><controller`,
    );
    const xml = adopted({}, more);
    expect(xml.match(/<disk /g)).toHaveLength(1);
    expect(xml.match(/<interface /g)).toHaveLength(1);
    expect(xml).not.toMatch(/x\.iso|y\.img|br9/);
  });

  it("does not take a name for markup", () => {
    expect(adopted({ bridge: 'b"<&' })).toContain('bridge="b&quot;&lt;&amp;"');
  });
});

describeWith(
  "xsltproc",
  "virt-xml-validate",
  "xmllint",
)("libvirt's schema", () => {
  it.each(["kvm", "qemu"] as const)("takes what they become for %s", (domainType) => {
    const changed = file("adopted.xml", adopted({ domainType }));
    expect(run("virt-xml-validate", [changed, "domain"])).toMatchObject({ status: 0 });
  });

  it("takes the machine without a network", () => {
    const isolated = isolatedXml({
      name: "gw-prod-1a2b3c4d",
      uuid: machine.uuid,
      domainType: "qemu",
      memoryMiB: 256,
      tcgBufferMiB: 128,
      disk: { pool: "vg0", volume: "gw" },
      identity: { pool: "vg0", volume: "gw-identity" },
    });
    expect(isolated).not.toContain("<interface");
    expect(run("virt-xml-validate", [file("isolated.xml", isolated), "domain"])).toMatchObject({
      status: 0,
    });
  });
});

describe("what a hypervisor has", () => {
  const capabilities = parseDomainCapabilities(CAPABILITIES);

  it("is read from its own words", () => {
    expect(capabilities.cpuModes).toEqual(["maximum", "host-model", "custom"]);
    expect(capabilities.diskBuses).toContain("virtio");
    expect(capabilities.rngModels).toContain("virtio");
  });

  it("is held against a definition, all of it at once", () => {
    const asks = '<cpu mode="maximum"/><target dev="vda" bus="virtio"/><rng model="virtio"/>';
    expect(unsupported(asks, capabilities)).toEqual([]);
    const other = '<cpu mode="host-passthrough"/><target dev="vda" bus="xen"/>';
    expect(unsupported(other, capabilities)).toEqual([
      "CPU mode host-passthrough: it has maximum, host-model, custom",
      expect.stringMatching(/^disk bus xen: it has .*virtio/),
    ]);
    const old = parseDomainCapabilities(CAPABILITIES.replace(/<rng[^]*<\/rng>/, ""));
    expect(unsupported(asks, old)).toEqual(["random generator virtio: it has none"]);
  });
});
