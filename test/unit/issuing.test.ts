import { execFileSync, spawnSync } from "node:child_process";
import { generateKeyPairSync, X509Certificate } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Issuing } from "../../components/authority/issuing";
import type { Authority } from "../../config/schema";
import { type Certificate, readCertificates, readRevocationLists } from "../../config/x509";
import { secretPem } from "./support/certificates";
import { temporaryFolder } from "./support/temporaryFolder";

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
const KEPT = { key: secretPem(rsa), made: "2026-11-01" };
const PEER = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey;
const keyInfo = PEER.export({ type: "spki", format: "der" });

const SETTINGS: Authority = {
  names: ["example.net", "192.0.2.0/24"],
  ...{ generation: 1, also: [], years: 10, days: 90, revoked: [] },
};

const authority = (settings: Partial<Authority> = {}, today = "2026-11-23"): Issuing =>
  new Issuing("gw authority 1", KEPT, { ...SETTINGS, ...settings }, today);

const issued = (identity: string, by = authority()): string =>
  by.issue({ keyInfo, identities: [identity] }) ?? "";

function read(pem: string): Certificate {
  const found = readCertificates(pem);
  if ("message" in found || !found[0]) throw new Error("is no certificate");
  return found[0];
}

/** What openssl says of a certificate, which the daemons' library is a sister of. */
function openssl(pem: string, { by = authority(), list = "", day = "2026-11-23" } = {}): string {
  const folder = temporaryFolder("issuing-");
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const lists = list === "" ? [] : ["-crl_check_all", "-CRLfile", file("crl.pem", list)];
  const { stdout, stderr } = spawnSync(
    "openssl",
    [
      ...["verify", "-attime", String(Date.parse(day) / 1000), ...lists],
      ...["-CAfile", file("ca.pem", by.certificate()), file("one.pem", pem)],
    ],
    { encoding: "utf8" },
  );
  return stdout + stderr;
}

describe("the authority's own certificate", () => {
  it("is good for ten years from the day before, and is signed by itself", () => {
    const pem = authority().certificate();
    expect(read(pem)).toMatchObject({
      ...{ subject: "/CN=gw authority 1", issuer: "/CN=gw authority 1", isAuthority: true },
      ...{ from: "2026-10-31T00:00:00Z", until: "2036-11-01T00:00:00Z" },
    });
    expect(openssl(pem)).toMatch(/: OK/);
    const text = execFileSync("openssl", ["x509", "-noout", "-text"], {
      input: pem,
      encoding: "utf8",
    });
    expect(text).toMatch(/Basic Constraints: critical\s+CA:TRUE, pathlen:0/);
    expect(text).toMatch(/Key Usage: critical\s+Certificate Sign, CRL Sign/);
    expect(text).toMatch(
      /Name Constraints:\s+Permitted:\s+DNS:example\.net\s+email:example\.net\s+IP:192\.0\.2\.0\/255\.255\.255\.0/,
    );
  });

  it("is the same each time, and another one with other names", () => {
    expect(authority({}, "2030-01-01").certificate()).toBe(authority().certificate());
    const other = read(authority({ names: ["example.org"] }).certificate());
    expect(other.serial).not.toBe(read(authority().certificate()).serial);
  });
});

describe("a certificate", () => {
  it("has the key, the identity as the first name, and who signed it", () => {
    const certificate = read(issued("west.example.net"));
    expect(certificate).toMatchObject({
      ...{ subject: "/CN=west.example.net", issuer: "/CN=gw authority 1", isAuthority: false },
      ...{ firstIdentity: "FQDN/west.example.net", identities: ["FQDN/west.example.net"] },
      key: { kind: "ECDSA", bits: 256 },
    });
    expect(certificate.serial).toMatch(/^[4-7][0-9a-f]{31}$/);
    const both = new X509Certificate(certificate.pem);
    const root = new X509Certificate(authority().certificate());
    expect(both.checkIssued(root) && both.verify(root.publicKey)).toBe(true);
    expect(both.publicKey.equals(PEER)).toBe(true);
  });

  it.each(["west.example.net", "admin@example.net", "192.0.2.7"])(
    "of %s is believed",
    (identity) => {
      expect(openssl(issued(identity))).toMatch(/: OK/);
    },
  );

  it.each(["west.example.org", "admin@example.org", "198.51.100.7", "2001:db8::1"])(
    "of %s is outside of the name constraints, and refused",
    (identity) => {
      expect(openssl(issued(identity))).toMatch(/permitted subtree violation/);
    },
  );

  it.each([
    ["192.0.2.7", ["example.net"], /excluded subtree violation/],
    ["west.example.net", ["192.0.2.0/24"], /permitted subtree violation/],
    ["2001:db8::7", ["2001:db8::/64"], /: OK/],
  ])("of %s with %j alone is told apart", (identity, names, says) => {
    const by = authority({ names });
    expect(openssl(issued(identity, by), { by })).toMatch(says);
  });
});

describe("what is signed on a day", () => {
  const on = (today: string) => read(issued("west.example.net", authority({}, today)));

  it("stays the same for two thirds of its days, and then is renewed", () => {
    // 60 days of 90.
    expect(on("2026-12-30").pem).toBe(on("2026-11-01").pem);
    const next = on("2026-12-31");
    expect(next).toMatchObject({ from: "2026-12-30T00:00:00Z", until: "2027-03-31T00:00:00Z" });
    expect(on("2026-11-01").until).toBe("2027-01-30T00:00:00Z");
    expect(next.serial.slice(0, 28)).toBe(on("2026-11-01").serial.slice(0, 28));
    expect(next.serial).not.toBe(on("2026-11-01").serial);
  });

  it("never outlives its authority, whose last certificate stays", () => {
    expect(on("2036-10-31").until).toBe("2036-11-01T00:00:00Z");
    expect(on("2040-01-01").pem).toBe(on("2036-10-31").pem);
  });

  it("begins with the key, whatever the clock says", () => {
    expect(on("2020-01-01").pem).toBe(on("2026-11-01").pem);
  });
});

describe("the list of revoked certificates", () => {
  const { serial } = read(issued("west.example.net"));
  const revoked = [{ serial, since: "2026-11-20" }];
  const lists = (today?: string) => authority({ revoked }, today).list();

  it("refuses the certificate, and no other one", () => {
    const list = lists();
    expect(openssl(issued("west.example.net"), { list })).toMatch(/certificate revoked/);
    expect(openssl(issued("east.example.net"), { list })).toMatch(/: OK/);
    expect(openssl(issued("west.example.net"), { list: authority().list() })).toMatch(/: OK/);
  });

  it("ends with the authority, and names the day", () => {
    const [list] = [readRevocationLists(lists())].flatMap((all) => ("message" in all ? [] : all));
    expect(list).toMatchObject({
      ...{ from: "2026-11-20T00:00:00Z", until: "2036-11-01T00:00:00Z" },
      serials: new Set([serial]),
    });
  });

  it("has all certificates of the request that have not ended, also after a renewal", () => {
    const serials = (today: string) => {
      const all = readRevocationLists(lists(today));
      return "message" in all ? [] : [...(all[0]?.serials ?? [])].map((one) => one.slice(28));
    };
    expect(serials("2026-12-31")).toEqual(["0000", "0001"]);
    expect(serials("2027-03-31")).toEqual(["0001", "0002"]);
  });

  it("keeps a certificate of that request from being signed again", () => {
    const by = authority({ revoked }, "2027-03-31");
    expect(by.issue({ keyInfo, identities: ["west.example.net"] })).toBeUndefined();
    expect(by.issue({ keyInfo, identities: ["east.example.net"] })).toBeDefined();
  });
});
