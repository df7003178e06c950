import { createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { issue, newAuthority, revoke } from "../../unit/support/certificates";
import { onGateway, ROOT } from "./lab";
import type { SiteKey } from "./siteKey";

/** Days on which nothing in a lab ends. */
export const UNTIL = "2048-01-01";

const SERIAL = { gateway: 2, certified: 3, stranger: 4, revoked: 5 };

const folder = (site: string, kind: string): string => join(ROOT, ".lab/peers", site, kind);

/** What a site's administrator gets of an authority for a tunnel: its certificate, and what to believe. */
export function hand(site: string, tunnel: string, pem: string, believed: string): void {
  for (const kind of ["x509", "x509ca"]) mkdirSync(folder(site, kind), { recursive: true });
  writeFileSync(join(folder(site, "x509"), `${tunnel}.pem`), pem);
  // swanctl reads one certificate of each file.
  believed.split(/(?<=-----END CERTIFICATE-----\n)/).forEach((authority, index) => {
    writeFileSync(join(folder(site, "x509ca"), `authority-${index}.pem`), authority);
  });
}

export const keyOfSite = (site: string, file: SiteKey): KeyObject =>
  createPublicKey(readFileSync(join(folder(site, "pubkey"), file), "utf8"));

/** A new private one. */
export const rsaKey = (): KeyObject =>
  generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;

/**
 * Certificates with RSA keys, the only ones of isakmpd, of the gateway and of the branches' tunnels `certified`,
 * `stranger`, whose one is of another authority, and `revoked`.
 *
 * @returns what is declared as `ike.certificates`
 */
export async function certifyBranches(): Promise<Readonly<Record<"ca" | "own" | "crl", string>>> {
  const authority = newAuthority("/O=Lab/CN=authority", { key: rsaKey(), until: "2049-01-01" });
  const other = newAuthority("/O=Lab/CN=other", { key: rsaKey(), until: "2049-01-01" });
  const key = keyOfSite("branches", "site-rsa.pem");
  for (const [tunnel, by] of Object.entries({
    certified: authority,
    stranger: other,
    revoked: authority,
  })) {
    const names = [`DNS:${tunnel}.example.net`];
    const serial = SERIAL[tunnel as keyof typeof SERIAL];
    const wanted = { subject: `/O=Lab/CN=${tunnel}`, names, key, serial, until: UNTIL };
    hand("branches", tunnel, issue(by, wanted), authority.pem);
  }
  const { stdout } = await onGateway("openssl pkey -in /etc/isakmpd/private/local.key -pubout");
  const own = issue(authority, {
    ...{ subject: "/O=Lab/CN=gw", names: ["DNS:gw-test.example.net"], serial: SERIAL.gateway },
    ...{ key: createPublicKey(stdout), until: UNTIL },
  });
  const crl = revoke(authority, { serials: [SERIAL.revoked], until: UNTIL });
  return { ca: authority.pem, own, crl };
}

/** Other tests of the same lab have a site that believes no authority. */
export function forgetCertificates(site: string): void {
  for (const kind of ["x509", "x509ca"])
    rmSync(folder(site, kind), { recursive: true, force: true });
}
