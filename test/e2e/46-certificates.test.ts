import { createPublicKey } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { issue, newAuthority, newKey, revoke } from "../unit/support/certificates";
import { drift } from "./support/firewall";
import { lab, labOk, onGateway, ROOT, run, spisOf, verify } from "./support/lab";
import { gatewayStatus, stateOf, statusWithin, whyWithin } from "./support/operator";
import { ownStack, upOk } from "./support/ownStack";
import { editStack } from "./support/stackFile";

ownStack();

/** Seconds: iked starts a tunnel that has no SA once a minute (IKED_INITIATOR_INTERVAL of iked.h). */
const RENEWED_WITHIN = 150;
const WEST_SERIAL = 17;
const PING = "ping -n -c 3 -W 2 10.20.1.100";

const authority = newAuthority("/O=Lab/CN=authority", { until: "2049-01-01" });
const until = "2048-01-01";
const list = (serials: readonly number[]): string => revoke(authority, { serials, until });

/** What the site's administrator has of the authority. */
function certify(site: string, by = authority, name = `DNS:${site}.example.net`, serial = 1): void {
  const folder = join(ROOT, ".lab/peers", site);
  for (const kind of ["x509", "x509ca"]) mkdirSync(join(folder, kind), { recursive: true });
  const key = createPublicKey(readFileSync(join(folder, "pubkey/site.pem")));
  const wanted = { subject: `/O=Lab/CN=${site}`, names: [name], key, serial, until };
  writeFileSync(join(folder, "x509/site.pem"), issue(by, wanted));
  writeFileSync(join(folder, "x509ca/authority.pem"), authority.pem);
}

async function request(): Promise<string> {
  const { stdout } = await labOk("pulumi", "stack", "output", "certificateRequest");
  return stdout;
}

/** The authority's answer to the gateway's request. */
async function answer(key?: Parameters<typeof createPublicKey>[0]): Promise<string> {
  const { stdout } = await run("openssl", ["req", "-noout", "-pubkey"], await request());
  const names = ["DNS:gw-test.example.net"];
  const open = createPublicKey(key ?? stdout);
  return issue(authority, { subject: "/O=Lab/CN=gw", names, key: open, serial: 2, until });
}

describe("tunnels whose ends have certificates", () => {
  let own = "";

  it("are declared first without one, and the stack has a request for it, of a key that stays there", async () => {
    editStack((values) => {
      for (const tunnel of [0, 1]) {
        values.set(`tunnels.${tunnel}.auth`, "certificate");
        values.set(`tunnels.${tunnel}.enabled`, false);
      }
    });
    await upOk();
    const text = await run("openssl", ["req", "-verify", "-noout", "-text"], await request());
    expect(text.output).toMatch(/verify OK/);
    expect(text.output).toMatch(/DNS:gw-test\.example\.net/);
    const { stdout } = await labOk("pulumi", "stack", "export");
    expect(stdout).not.toMatch(/BEGIN (EC )?PRIVATE KEY/);
  });

  it("carry packets with the authority's answer, and need no preshared key", async () => {
    own = await answer();
    certify("west", authority, undefined, WEST_SERIAL);
    certify("east");
    editStack((values) => {
      values.set("ike.certificates", { ca: authority.pem, own, crl: list([]) });
      for (const tunnel of [0, 1]) values.delete(`tunnels.${tunnel}.enabled`);
    });
    await upOk();
    expect((await verify()).code).toBe(0);
    const status = await gatewayStatus();
    expect([stateOf(status, "west"), stateOf(status, "east")]).toEqual(["proven", "proven"]);
    expect((await onGateway("cat /etc/iked/west.conf")).stdout).not.toMatch(/psk/);
    expect(await drift()).toMatchObject({ findings: [] });
  });

  it("refuse a certificate of another key than the gateway's before anything is changed", async () => {
    const spis = await spisOf("west");
    const other = await answer(newKey().open.export({ type: "spki", format: "pem" }));
    editStack((values) => {
      values.set("ike.certificates.own", other);
    });
    const { code, output } = await lab("pulumi", "up", "--yes", "--skip-preview");
    expect(code).not.toBe(0);
    expect(output).toMatch(/of another key/);
    expect(await spisOf("west")).toEqual(spis);
    editStack((values) => {
      values.set("ike.certificates.own", own);
    });
    await upOk();
  });

  it("are refused once they are revoked, and the other one keeps its SPIs", async () => {
    const east = await spisOf("east");
    editStack((values) => {
      values.set("ike.certificates.crl", list([WEST_SERIAL]));
    });
    await upOk();
    // Fails, as the tunnel does not come up.
    await lab("gateway", "tunnel", "restart", "west");
    const status = await statusWithin(60, "west", ["down", "negotiating"]);
    expect(["down", "negotiating"]).toContain(stateOf(status, "west"));
    const { cause } = await whyWithin(RENEWED_WITHIN, "west", "certificate");
    expect(cause).toMatchObject({ code: "certificate", field: "ike.certificates.crl" });
    expect((await lab("on", "lan", ...PING.split(" "))).output).not.toMatch(/ [123] received/);
    expect(stateOf(await gatewayStatus(), "east")).toBe("proven");
    expect(await spisOf("east")).toEqual(east);
  });

  it("come back with a new certificate, without a change on the gateway", async () => {
    certify("west", authority, undefined, WEST_SERIAL + 1);
    await labOk("site", "west", "load");
    expect((await verify("--timeout", "180")).code).toBe(0);
  });

  it.each([
    ["of another authority", newAuthority("/O=Lab/CN=other"), "DNS:west.example.net"],
    ["for another name", authority, "DNS:elsewhere.example.net"],
  ])("are refused with one %s, which `why` names", async (_, by, name) => {
    certify("west", by, name);
    await labOk("site", "west", "load");
    // Fails, as the tunnel does not come up.
    await lab("gateway", "tunnel", "restart", "west");
    const { cause } = await whyWithin(RENEWED_WITHIN, "west", "certificate");
    expect(cause).toMatchObject({ code: "certificate", phase: "authentication" });
    certify("west", authority, undefined, WEST_SERIAL + 1);
    await labOk("site", "west", "load");
    expect((await verify("--timeout", "180")).code).toBe(0);
  });
});
