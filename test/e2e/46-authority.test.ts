import { execFileSync } from "node:child_process";
import { createPrivateKey, type KeyObject } from "node:crypto";
import { join } from "node:path";
import type { CertificatesOutput } from "../../contract/stackOutputs";
import { issue } from "../unit/support/certificates";
import { forgetCertificates, hand, keyOfSite, UNTIL } from "./support/certificates";
import { drift } from "./support/firewall";
import { lab, labOk, ROOT, verify } from "./support/lab";
import { gatewayStatus, stateOf, statusWithin, whyWithin } from "./support/operator";
import { ownStack, upOk } from "./support/ownStack";
import { editStack } from "./support/stackFile";

ownStack();

const AUTHORITY = "ike.certificates.authority";
const DOWN = ["down", "negotiating"] as const;
const PING = "ping -n -c 3 -W 2 10.20.1.100";

/** What the site's administrator sends. */
function request(site: string): string {
  const key = join(ROOT, ".lab/peers", site, "private/site.pem");
  const subject = `/CN=${site}.example.net`;
  return execFileSync("openssl", ["req", "-new", "-key", key, "-subj", subject], {
    encoding: "utf8",
  });
}

async function certificates(): Promise<CertificatesOutput> {
  const { stdout } = await labOk("pulumi", "stack", "output", "certificates", "--json");
  return JSON.parse(stdout) as CertificatesOutput;
}

/** What who can decrypt the state can read. */
async function stolenKey(name: string): Promise<KeyObject> {
  const { stdout } = await labOk("pulumi", "stack", "export", "--show-secrets");
  const { deployment } = JSON.parse(stdout) as {
    deployment: { resources: { urn: string; outputs?: { stdout?: { plaintext: string } } }[] };
  };
  const kept = deployment.resources.find(({ urn }) => urn.endsWith(`::${name}`))?.outputs?.stdout;
  const { key } = JSON.parse(JSON.parse(kept?.plaintext ?? '""') as string) as { key: string };
  return createPrivateKey(key);
}

/** The administrator takes what the stack has for the site. */
async function take(): Promise<void> {
  const { ca, kept } = await certificates();
  hand("west", "west", kept?.peers.find(({ tunnel }) => tunnel === "west")?.pem ?? "", ca);
}

/** And loads it. */
async function deliver(): Promise<void> {
  await take();
  await labOk("site", "west", "load");
}

async function isRefused(field?: string): Promise<void> {
  // Fails, as the tunnel does not come up.
  await lab("gateway", "tunnel", "restart", "west");
  const status = await statusWithin(60, "west", [...DOWN]);
  expect(DOWN).toContain(stateOf(status, "west"));
  const { cause } = await whyWithin(150, "west", "certificate");
  expect(cause).toMatchObject({ code: "certificate", ...(field !== undefined && { field }) });
  expect((await lab("on", "lan", ...PING.split(" "))).output).not.toMatch(/ [123] received/);
}

afterAll(() => {
  forgetCertificates("west");
});

describe("an authority that the stack keeps", () => {
  it("signs both ends' certificates in the update that makes it, and packets flow", async () => {
    editStack((values) => {
      values.set("ike.daemon", "iked");
      values.set(AUTHORITY, { names: ["example.net"] });
      values.set("tunnels.0.auth", "certificate");
      values.set("tunnels.0.peerRequest", request("west"));
      // The site loads nothing without its certificate.
      values.set("tunnels.0.enabled", false);
    });
    await upOk();
    await take();
    editStack((values) => {
      values.delete("tunnels.0.enabled");
    });
    await upOk();
    expect((await verify("--timeout", "180")).code).toBe(0);
    expect(stateOf(await gatewayStatus(), "west")).toBe("proven");
    expect(await drift()).toMatchObject({ findings: [] });
    await labOk("pulumi", "preview", "--expect-no-changes");
    expect((await labOk("pulumi", "stack", "export")).stdout).not.toMatch(/PRIVATE KEY/);
  });

  it("gives way to the next one, with both believed meanwhile", async () => {
    editStack((values) => {
      values.set(`${AUTHORITY}.also`, [2]);
    });
    await upOk();
    await deliver();
    editStack((values) => {
      values.set(`${AUTHORITY}.generation`, 2);
      values.set(`${AUTHORITY}.also`, [1]);
    });
    await upOk();
    // The gateway shows the second one's, the peer still the first one's.
    await labOk("gateway", "tunnel", "restart", "west");
    expect((await verify("--timeout", "180")).code).toBe(0);
    await deliver();
    editStack((values) => {
      values.delete(`${AUTHORITY}.also`);
    });
    await upOk();
    await labOk("gateway", "tunnel", "restart", "west");
    expect((await verify("--timeout", "180")).code).toBe(0);
  });

  it("is not believed for a name outside of its constraints, whoever has its key", async () => {
    const by = { subject: "/CN=gw-test authority 2", key: await stolenKey("authority-2") };
    const names = ["DNS:west.example.net", "DNS:west.example.org"];
    const key = keyOfSite("west", "site.pem");
    const pem = issue(by, { subject: "/CN=west", names, key, serial: 99, until: UNTIL });
    hand("west", "west", pem, (await certificates()).ca);
    await labOk("site", "west", "load");
    await isRefused();
    await deliver();
    expect((await verify("--timeout", "180")).code).toBe(0);
  });

  it("refuses what is revoked", async () => {
    const serial = (await certificates()).kept?.peers[0]?.serial;
    editStack((values) => {
      values.set(`${AUTHORITY}.revoked`, [
        { serial, since: new Date().toISOString().slice(0, 10) },
      ]);
    });
    await upOk();
    expect((await certificates()).kept?.peers).toEqual([]);
    await isRefused("ike.certificates.crl");
    expect(stateOf(await gatewayStatus(), "east")).toBe("proven");
  });
});
