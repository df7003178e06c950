import {
  hasCertificate,
  readCertificatesOf,
  type WrittenCertificates,
} from "../config/certificates";
import { alternativeName } from "../config/alternativeName";
import { isDistinguishedName } from "../config/identity";
import type { Daemon, StackConfig } from "../config/schema";

/** One file of the daemon's, as the stack declares it. */
export interface CertificateFile {
  readonly path: string;
  readonly text: string;
}

const FOLDERS = ["ca", "crls", "certs"] as const;

/** Each kind's texts; a kind without any is left out. */
function parts(certificates: WrittenCertificates): { folder: string; texts: readonly string[] }[] {
  const { ca, crl, own } = readCertificatesOf(certificates);
  const texts = { ca: ca.map(pemOf), crls: crl.map(pemOf), certs: own ? [own.pem] : [] };
  return FOLDERS.map((folder) => ({ folder, texts: texts[folder] })).filter(
    (part) => part.texts.length > 0,
  );
}

/**
 * The files that `gwctl certificates put` makes of the declared ones: each kind in one for iked, and one file for
 * each of them for isakmpd, which reads no further than the first in a file (x509.c x509_read_from_dir).
 */
export function certificateFiles(
  daemon: Daemon,
  certificates: WrittenCertificates,
): CertificateFile[] {
  return parts(certificates).flatMap(({ folder, texts }) =>
    daemon === "iked"
      ? [{ path: `/etc/iked/${folder}/gwctl.pem`, text: texts.join("") }]
      : texts.map((text, index) => ({
          path: `/etc/isakmpd/${folder}/gwctl-${index + 1}.pem`,
          text,
        })),
  );
}

/** What `gwctl certificates put` reads: every kind after a line with its folder. */
export function certificatesText(certificates: WrittenCertificates): string {
  return parts(certificates)
    .map(({ folder, texts }) => `# ${folder}\n${texts.join("")}`)
    .join("");
}

/**
 * What `gwctl request` reads, undefined where no tunnel needs a certificate: the subject, then the names, which
 * are all identities that the gateway has in tunnels with certificates.
 */
export function requestText(config: StackConfig): string | undefined {
  const identities = ownIdentities(config);
  if (identities.length === 0) return undefined;
  const subject = identities.find(isDistinguishedName) ?? `/CN=${identities[0] ?? ""}`;
  const names = identities
    .filter((identity) => !isDistinguishedName(identity))
    .map(alternativeName);
  return [subject, ...names].map((line) => `${line}\n`).join("");
}

/** All identities that the gateway has in tunnels with certificates, in the order of the tunnels. */
export function ownIdentities({ tunnels }: Pick<StackConfig, "tunnels">): string[] {
  return [...new Set(tunnels.filter(hasCertificate).map(({ localId }) => localId))];
}

const pemOf = ({ pem }: { readonly pem: string }): string => pem;
