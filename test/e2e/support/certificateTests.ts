import { createPublicKey, type KeyObject } from "node:crypto";
import { issue, newAuthority, newKey, revoke } from "../../unit/support/certificates";
import { forgetCertificates, hand, keyOfSite, rsaKey, UNTIL } from "./certificates";
import { drift } from "./firewall";
import { lab, labOk, onGateway, run, spisOf, verify } from "./lab";
import { gatewayStatus, stateOf, statusWithin, whyWithin } from "./operator";
import { ownStack, upOk } from "./ownStack";
import type { SiteKey } from "./siteKey";
import { editStack } from "./stackFile";

/** A daemon, and keys that it takes. */
interface Certified {
  readonly daemon: "iked" | "isakmpd";
  readonly sites: SiteKey;
  /** A new private one. */
  readonly another: () => KeyObject;
  /** Seconds in which the daemon starts anew what it could not bring up. */
  readonly renewed: number;
}

export const CERTIFIED: Readonly<Record<Certified["daemon"], Certified>> = {
  // IKED_INITIATOR_INTERVAL of iked.h is a minute.
  iked: { daemon: "iked", sites: "site.pem", another: () => newKey().secret, renewed: 150 },
  // What could not be brought up is tried again after two minutes (exchange.h), looked at each minute.
  isakmpd: { daemon: "isakmpd", sites: "site-rsa.pem", another: rsaKey, renewed: 240 },
};

const WEST_SERIAL = 17;
const PING = "ping -n -c 3 -W 2 10.20.1.100";

async function request(): Promise<string> {
  const { stdout } = await labOk("pulumi", "stack", "output", "certificateRequest");
  return stdout;
}

/** The tests of tunnels whose ends have certificates, the same with both daemons. */
export function certificateTests({ daemon, sites, another, renewed }: Certified): void {
  ownStack();

  const authorityOf = (subject: string) =>
    newAuthority(subject, { key: another(), until: "2049-01-01" });
  const authority = authorityOf("/O=Lab/CN=authority");
  const list = (serials: readonly number[]): string => revoke(authority, { serials, until: UNTIL });

  /** What the site's administrator has of the authority. */
  function certify(site: string, by = authority, name = `DNS:${site}.example.net`, serial = 1) {
    const key = keyOfSite(site, sites);
    const wanted = { subject: `/O=Lab/CN=${site}`, names: [name], key, serial, until: UNTIL };
    hand(site, site, issue(by, wanted), authority.pem);
  }

  /** The authority's answer to the gateway's request. */
  async function answer(key?: KeyObject): Promise<string> {
    const { stdout } = await run("openssl", ["req", "-noout", "-pubkey"], await request());
    const names = ["DNS:gw-test.example.net"];
    const open = createPublicKey(key ?? stdout);
    return issue(authority, { subject: "/O=Lab/CN=gw", names, key: open, serial: 2, until: UNTIL });
  }

  afterAll(() => {
    for (const site of ["west", "east"]) forgetCertificates(site);
  });

  describe(`with ${daemon}, tunnels whose ends have certificates`, () => {
    let own = "";

    it("are declared first without one, and the stack has a request for it, of a key that stays there", async () => {
      editStack((values) => {
        values.set("ike.daemon", daemon);
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
      expect(stdout).not.toMatch(/BEGIN ([A-Z]+ )?PRIVATE KEY/);
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
      expect(
        (await onGateway(`cat /etc/${daemon === "iked" ? "iked" : "ipsec"}/west.conf`)).stdout,
      ).not.toMatch(/psk/);
      expect(await drift()).toMatchObject({ findings: [] });
    });

    it("refuse a certificate of another key than the gateway's before anything is changed", async () => {
      const spis = await spisOf("west");
      const other = await answer(another());
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
      const { cause } = await whyWithin(renewed, "west", "certificate");
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

    // In IKEv1 strongSwan sends no certificate that does not name its own identity: it refuses us in its place.
    it.each([
      ["of another authority", authorityOf("/O=Lab/CN=other"), "DNS:west.example.net"] as const,
      ...(daemon === "iked"
        ? [["for another name", authority, "DNS:elsewhere.example.net"] as const]
        : []),
    ])("are refused with one %s, which `why` names", async (_, by, name) => {
      certify("west", by, name);
      await labOk("site", "west", "load");
      // Fails, as the tunnel does not come up.
      await lab("gateway", "tunnel", "restart", "west");
      const { cause } = await whyWithin(renewed, "west", "certificate");
      expect(cause).toMatchObject({ code: "certificate", phase: "authentication" });
      certify("west", authority, undefined, WEST_SERIAL + 1);
      await labOk("site", "west", "load");
      expect((await verify("--timeout", "180")).code).toBe(0);
    });
  });
}
