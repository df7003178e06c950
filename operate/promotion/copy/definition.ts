import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseDomainCapabilities, unsupported } from "../../../parse/domainCapabilities";
import { type AdoptedMachine, adoptedXslt } from "../../../render/adoptedXslt";
import { Refusal } from "../../command";
import { virsh, VirshFailed } from "../../../hypervisor/virsh";
import { run, type Finished, type Tool } from "../../run";

const XSLTPROC: Tool = { program: "xsltproc", install: "apt-get install xsltproc" };
const VALIDATE: Tool = {
  program: "virt-xml-validate",
  install: "apt-get install libvirt-clients libxml2-utils",
};
const DIFF: Tool = { program: "diff", install: "apt-get install diffutils" };

export interface Definition {
  readonly xml: string;
  /** What differs from the first machine's, as diff -u shows it. */
  readonly difference: string;
}

/**
 * The first machine's definition, changed for the second hypervisor, and found good by libvirt's
 * schema and by what that hypervisor says it can run. Nothing is defined.
 *
 * @throws Refusal naming everything that does not fit
 */
export async function adoptedDefinition(
  from: { readonly uri: string; readonly domain: string },
  to: { readonly uri: string; readonly machine: AdoptedMachine },
  signal: AbortSignal,
): Promise<Definition> {
  const exported = await virsh(from.uri, "dumpxml", "--inactive", "--domain", from.domain);
  const scratch = await mkdtemp(join(tmpdir(), "gateway-xml-"));
  const file = async (name: string, text: string): Promise<string> => {
    await writeFile(join(scratch, name), text);
    return join(scratch, name);
  };
  const tool = (which: Tool, ...args: string[]): Promise<Finished> =>
    run(which, args, { cwd: scratch, signal });
  try {
    const before = await file("exported.xml", `${exported}\n`);
    const sheet = await file("rules.xsl", adoptedXslt(to.machine));
    const { status, stdout: xml, stderr } = await tool(XSLTPROC, "--nonet", sheet, before);
    if (status !== 0) throw new Refusal(`the definition cannot be changed: ${stderr.trim()}`);

    const after = await file("adopted.xml", xml);
    const valid = await tool(VALIDATE, after, "domain");
    if (valid.status !== 0) {
      const said = (valid.stderr || valid.stdout).trim().replaceAll(`${scratch}/`, "");
      throw new Refusal(`the changed definition is not one of libvirt's: ${said}`);
    }
    await mustFit(to.uri, xml);

    // Both in one layout, so that only what means something differs.
    const plain = await file("identity.xsl", LAYOUT);
    const { stdout: laidOut } = await tool(XSLTPROC, "--nonet", plain, before);
    const { stdout: difference } = await tool(
      DIFF,
      ...["-u", "--label", from.domain, "--label", to.machine.name],
      await file("before.xml", laidOut),
      after,
    );
    return { xml, difference };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Defines a machine, unless there is one of the name. */
export async function define(uri: string, name: string, xml: string): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), "gateway-xml-"));
  try {
    const file = join(scratch, "domain.xml");
    await writeFile(file, xml);
    await virsh(uri, "define", "--validate", file);
  } catch (error) {
    if (error instanceof VirshFailed) throw new Refusal(`${name}: ${error.message}`);
    throw error;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

const LAYOUT = `<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:output omit-xml-declaration="yes" indent="yes"/>
  <xsl:strip-space elements="*"/>
  <xsl:template match="@*|node()">
    <xsl:copy><xsl:apply-templates select="@*|node()"/></xsl:copy>
  </xsl:template>
</xsl:stylesheet>
`;

async function mustFit(uri: string, xml: string): Promise<void> {
  const virtType = /<domain [^>]*type="([^"]+)"/.exec(xml)?.[1] ?? "kvm";
  const machine = /<type [^>]*machine="([^"]+)"/.exec(xml)?.[1] ?? "q35";
  let capabilities: string;
  try {
    const asked = ["--virttype", virtType, "--arch", "x86_64", "--machine", machine];
    capabilities = await virsh(uri, "domcapabilities", ...asked);
  } catch (error) {
    if (!(error instanceof VirshFailed)) throw error;
    throw new Refusal(
      `${uri} cannot run ${virtType} machines of type ${machine}: ${error.message}`,
    );
  }
  const missing = unsupported(xml, parseDomainCapabilities(capabilities));
  if (missing.length > 0) throw new Refusal(`${uri} does not have: ${missing.join("; ")}`);
}
