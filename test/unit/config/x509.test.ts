import { X509Certificate } from "node:crypto";
import {
  isSelfSigned,
  mayHaveIssued,
  readCertificates,
  readRevocationLists,
} from "../../../config/x509";
import {
  type Authority,
  issue,
  newAuthority,
  newKey,
  revoke,
  secretPem,
} from "../support/certificates";
import { P256 } from "../support/publicKeys";

const root = newAuthority("/O=Example/CN=root");
const { secret, open } = newKey();
const NAMES = ["DNS:gw.example.net", "email:ops@example.net", "IP:198.51.100.1"];
const pem = issue(root, {
  subject: "/C=DE/O=Example/CN=gw",
  names: NAMES,
  key: open,
  from: "1999-12-31",
  serial: 0x8003,
});

function only<T>(found: readonly T[] | { message: string }): T {
  if ("message" in found) throw new Error(found.message);
  expect(found).toHaveLength(1);
  return found[0] as T;
}

describe("a certificate", () => {
  it("is read as node:crypto reads it", () => {
    const own = only(readCertificates(pem));
    const theirs = new X509Certificate(pem);
    expect(own).toMatchObject({
      subject: `/${theirs.subject.replaceAll("\n", "/")}`,
      issuer: `/${theirs.issuer.replaceAll("\n", "/")}`,
      serial: theirs.serialNumber.toLowerCase(),
      isAuthority: theirs.ca,
      keyProblem: undefined,
      identities: ["FQDN/gw.example.net", "UFQDN/ops@example.net", "IPV4/198.51.100.1"],
    });
    expect(theirs.subjectAltName).toBe(
      "DNS:gw.example.net, email:ops@example.net, IP Address:198.51.100.1",
    );
    expect([own.from, own.until].map(Date.parse)).toEqual(
      [theirs.validFrom, theirs.validTo].map((time) => Date.parse(time)),
    );
    expect(new X509Certificate(own.pem).raw).toEqual(theirs.raw);
    expect(theirs.verify(new X509Certificate(root.pem).publicKey)).toBe(true);
  });

  it("may have a name of any length", () => {
    const long = `DNS:${"a".repeat(300_000)}`;
    const text = issue(root, { subject: "/CN=gw", names: [long], key: root.key });
    expect(only(readCertificates(text)).identities).toEqual([`FQDN/${long.slice(4)}`]);
  });

  it("has a first identity as isakmpd reads it: any other name in its place hides the others", () => {
    const first = (...names: string[]) =>
      only(readCertificates(issue(root, { subject: "/CN=gw", names, key: root.key })))
        .firstIdentity;
    expect(first()).toBeUndefined();
    expect(first("email:ops@example.net", "DNS:gw.example.net")).toBe("UFQDN/ops@example.net");
    expect(first("IP:198.51.100.1", "DNS:gw.example.net")).toBe("IPV4/198.51.100.1");
    expect(first("URI:x", "DNS:gw.example.net")).toBeUndefined();
    const long = `DNS:${"x".repeat(60)}`;
    expect(first(long)).toBe(`FQDN/${"x".repeat(60)}`);
    // Its length takes two bytes.
    expect(first(long, `${long}xxxxxx`)).toBeUndefined();
  });

  it("is no authority's when it says so in full, where others leave it out", () => {
    const der = Buffer.from(new X509Certificate(root.pem).raw);
    const constraints = der.indexOf(Buffer.from([0x30, 3, 1, 1, 0xff]));
    expect(constraints).toBeGreaterThan(0);
    der[constraints + 4] = 0;
    const text = `-----BEGIN CERTIFICATE-----\n${der.toString("base64")}\n-----END CERTIFICATE-----\n`;
    expect(only(readCertificates(root.pem)).isAuthority).toBe(true);
    expect(only(readCertificates(text)).isAuthority).toBe(false);
  });

  it("belongs to the authority with its issuer's name and key", () => {
    const own = only(readCertificates(pem));
    const issuer = (authority: Authority) => only(readCertificates(authority.pem));
    expect(mayHaveIssued(issuer(root), own)).toBe(true);
    expect(isSelfSigned(issuer(root))).toBe(true);
    expect(mayHaveIssued(issuer(newAuthority("/O=Example/CN=root")), own)).toBe(false);
    expect(mayHaveIssued(issuer(newAuthority("/O=Example/CN=other")), own)).toBe(false);
    expect(mayHaveIssued(own, own)).toBe(false);
    const middle = newAuthority("/O=Example/CN=middle", {}, root);
    expect(mayHaveIssued(issuer(root), issuer(middle))).toBe(true);
    expect(isSelfSigned(issuer(middle))).toBe(false);
  });

  it("tells nothing of keys where its issuer did not", () => {
    const bare = newAuthority("/O=Example/CN=root", { bare: true });
    const of = issue(root, { subject: "/CN=x", key: open, bare: true });
    expect(mayHaveIssued(only(readCertificates(bare.pem)), only(readCertificates(pem)))).toBe(true);
    expect(mayHaveIssued(only(readCertificates(root.pem)), only(readCertificates(of)))).toBe(true);
    const other = newAuthority("/O=Example/CN=other", { bare: true });
    const named = only(readCertificates(other.pem));
    expect(mayHaveIssued(named, only(readCertificates(pem)))).toBe(false);
  });

  it("is one of several in a text, each written again in the usual form", () => {
    const both = readCertificates(`${pem.replaceAll("\n", "\r\n")}\n\n${root.pem}`);
    expect(both).toMatchObject([{ pem }, { pem: root.pem }]);
  });

  it.each([
    ["nothing", "", /is not CERTIFICATE in PEM/],
    ["a private key", secretPem(secret), /holds a private key/],
    ["a public key", P256, /holds PUBLIC KEY/],
    ["a list of revoked ones", revoke(root, { serials: [] }), /holds X509 CRL/],
    ["text before it", `subject=CN = gw\n${pem}`, /is not CERTIFICATE in PEM/],
    ["text after it", `${pem}pass quick all`, /is not CERTIFICATE in PEM/],
    ["what was cut", pem.slice(0, -40), /is not CERTIFICATE in PEM/],
    ["what was cut within", pem.replace(/\n[^\n]*\n(?=-----END)/, "\n"), /is cut or damaged/],
    ["what is no base64", pem.replace("\nMI", "\n=I"), /is cut or damaged/],
  ])("is not %s", (_, text, why) => {
    expect(readCertificates(text)).toMatchObject({ message: expect.stringMatching(why) as string });
  });

  it("shows nothing of a private key", () => {
    expect(JSON.stringify(readCertificates(secretPem(secret) + pem))).not.toMatch(
      /MI[A-Za-z0-9]{8}/,
    );
  });
});

describe("a list of revoked certificates", () => {
  it("has its issuer, its days and its serials", () => {
    const list = only(
      readRevocationLists(revoke(root, { serials: [7, 0x8003], until: "2026-12-01" })),
    );
    expect(list).toMatchObject({
      issuer: "/O=Example/CN=root",
      from: "2026-01-01T00:00:00Z",
      until: "2026-12-01T00:00:00Z",
      serials: new Set(["7", "8003"]),
    });
    expect(mayHaveIssued(only(readCertificates(root.pem)), list)).toBe(true);
  });

  it("may be empty, and may never end", () => {
    const list = only(readRevocationLists(revoke(root, { serials: [], until: "never" })));
    expect([list.serials.size, list.until]).toEqual([0, undefined]);
  });
});
