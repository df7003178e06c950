import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stylesheetProblems } from "../../components/hypervisor/ownStylesheet";
import { providedXml } from "../../render/domainFacts";
import { domainXslt } from "../../render/domainXslt";
import { withOwnXslt } from "../../render/ownXslt";
import { configOf } from "./support/stack";
import { describeWith, run } from "./support/tools";

const folder = mkdtempSync(join(tmpdir(), "own-xslt-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const XSL = 'version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"';
const sheet = (templates: string, more = "") =>
  `<xsl:stylesheet ${XSL}${more}>${templates}</xsl:stylesheet>`;
const none = (match: string) => sheet(`<xsl:template match="${match}"/>`);
const after = (match: string, what: string) =>
  sheet(`<xsl:template match="${match}"><xsl:copy-of select="."/>${what}</xsl:template>`);

const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const problems = (text: string) =>
  stylesheetProblems(configOf({ "hypervisor.xslt": file("own.xsl", text) })).map(
    ({ code, path, message, fix }) => `${code} ${path}: ${message}: ${fix}`,
  );

function result(text: string): string {
  const cards = [{ bridge: "br0", mac: "52:54:00:0a:0a:02" }];
  const machine = { name: "gw", memoryMiB: 256, vcpus: 1, pool: "vg0", cards };
  const tweaks = { domainType: "kvm" } as const;
  const { status, stdout, stderr } = run("xsltproc", [
    "--nonet",
    file("whole.xsl", withOwnXslt(tweaks, text)),
    file("provided.xml", providedXml({ ...machine, ...tweaks })),
  ]);
  expect([status, stderr]).toEqual([0, ""]);
  return stdout.replace(/>\s+</g, "><");
}

it("the stack's own stylesheet is as it was where there is no other one", () => {
  const tweaks = { domainType: "qemu", tcgBufferMiB: 128 } as const;
  expect(withOwnXslt(tweaks, undefined)).toBe(domainXslt(tweaks));
  expect(stylesheetProblems(configOf())).toEqual([]);
});

describeWith("xsltproc")("a stylesheet of the user's", () => {
  it("comes after the stack's, and leaves what it has no template for", () => {
    const xml = result(
      after("/domain/os/bios[@useserial = 'yes']", '<bootmenu enable="no"/>').replace(
        "<xsl:stylesheet",
        '<?xml version="1.0"?>\n<!-- of the house -->\n<xsl:stylesheet',
      ),
    );
    expect(xml).toContain('<bios useserial="yes"/><bootmenu enable="no"/>');
    expect(xml).toContain('<memballoon model="none"/>');
    expect(xml).not.toContain("<channel");
    expect(xml).toContain('<target dev="vda" bus="virtio"/>');
  });

  it("keeps its own namespaces, and shows none of ours", () => {
    const qemu = ' xmlns:qemu="http://libvirt.org/schemas/domain/qemu/1.0"';
    const xml = result(
      sheet(
        '<xsl:template match="/domain"><domain><xsl:apply-templates select="@*|node()"/>' +
          '<qemu:commandline><qemu:arg value="-S"/></qemu:commandline></domain></xsl:template>',
        qemu,
      ),
    );
    expect(xml).toContain('<qemu:arg value="-S"/>');
    expect(xml).not.toContain("exslt");
  });

  it.each([
    ["the disk", none("/domain/devices/disk"), /takes away: disk disk vda virtio vg0 gw-test/],
    ["the description", none("/domain/description"), /takes away: description installation/],
    ["the console", none("/domain/devices/console"), /takes away: console pty 0/],
    ["ACPI", none("/domain/features/acpi"), /takes away: acpi/],
    [
      "a second disk",
      after("/domain/devices/disk", '<disk device="disk"><target dev="vdb" bus="virtio"/></disk>'),
      /adds: disk disk vdb virtio/,
    ],
    [
      "a second network card",
      after(
        "/domain/devices/interface",
        '<interface type="bridge"><source bridge="br9"/></interface>',
      ),
      /adds: network card bridge {2}br9/,
    ],
    [
      "the card's bridge",
      sheet(
        '<xsl:template match="interface/source/@bridge"><xsl:attribute name="bridge">br9</xsl:attribute></xsl:template>',
      ),
      /takes away: network card bridge 52:54:00:\S+ br0 virtio/,
    ],
    [
      "the mark of a protected machine",
      after(
        "/domain/name",
        '<metadata><protected xmlns="https://openbsd-ipsec-gateway.invalid/protection" word="x"/></metadata>',
      ),
      /adds: mark of protection/,
    ],
  ])("is refused where it changes %s", (_what, text, says) => {
    expect(problems(text).join("\n")).toMatch(says);
  });

  it.each([
    ["no XML", sheet('<xsl:template match="/domain">'), /cannot be applied \(.+\): correct/],
    ["no XPath", none("/domain/["), /cannot be applied/],
    ["no stylesheet", "<domain/>", /is no stylesheet with the root xsl:stylesheet/],
    ["another document type", `<!DOCTYPE x []>${none("/domain/x")}`, /is no stylesheet/],
    ["another file", sheet('<xsl:include href="/etc/x.xsl"/>'), /reads another file/],
    [
      "another document",
      after("/domain/name", "<xsl:copy-of select=\"document('/etc/x.xml')\"/>"),
      /reads another file/,
    ],
    ["the document itself", none("/"), /has a template for "\/"/],
  ])("is refused where it is or matches %s", (_what, text, says) => {
    expect(problems(text).join("\n")).toMatch(says);
  });
});

describeWith("xsltproc")("the documented examples", () => {
  const examples = [
    ...readFileSync(join(__dirname, "../../docs/hypervisor.md"), "utf8").matchAll(
      /^## (.*)\n[^]*?```xml\n([^]*?)```/gm,
    ),
  ].map(([, title = "", text = ""]) => [title, text] as const);

  it("are these", () => {
    expect(examples.map(([title]) => title)).toEqual([
      "CPU pinning",
      "Memory in huge pages",
      "VLAN tags of a network card",
    ]);
  });

  it.each(examples)("are accepted: %s", (_title, text) => {
    expect(problems(text)).toEqual([]);
    expect(result(text)).toMatch(/<vcpupin vcpu="0"|<hugepages\/>|<tag id="20"\/>/);
  });
});

describeWith(
  "virt-xml-validate",
  "xmllint",
  "xsltproc",
)("libvirt's schema", () => {
  it("refuses what is no part of a definition", () => {
    expect(problems(after("/domain/name", "<nosuch/>")).join("\n")).toMatch(
      /makes a definition that libvirt does not accept/,
    );
  });
});
