import { hasCertificate, readCertificatesOf } from "../config/certificates";
import { alternativeName } from "../config/alternativeName";
import { isDistinguishedName } from "../config/identity";
import type { StackConfig } from "../config/schema";

/** One file of iked's, as the stack declares it. */
export interface CertificateFile {
  readonly path: string;
  readonly text: string;
}

const FOLDERS = ["ca", "crls", "certs"] as const;

/** The certificates that iked reads, each kind in a file of its own; none where none are declared. */
export function certificateFiles({ ike }: StackConfig): CertificateFile[] {
  if (!ike.certificates) return [];
  const { ca, crl, own } = readCertificatesOf(ike.certificates);
  const texts = { ca: ca.map(pemOf), crls: crl.map(pemOf), certs: own ? [own.pem] : [] };
  return FOLDERS.filter((folder) => texts[folder].length > 0).map((folder) => ({
    path: `/etc/iked/${folder}/gwctl.pem`,
    text: texts[folder].join(""),
  }));
}

/** What `gwctl certificates put` reads: every file after a line with its folder. */
export function certificatesText(config: StackConfig): string {
  return certificateFiles(config)
    .map(({ path, text }) => `# ${path.split("/").at(-2) ?? ""}\n${text}`)
    .join("");
}

/**
 * What `gwctl request` reads, undefined where no tunnel needs a certificate: the subject, then the names, which
 * are all identities that the gateway has in tunnels with certificates.
 */
export function requestText({ tunnels }: StackConfig): string | undefined {
  const identities = [...new Set(tunnels.filter(hasCertificate).map(({ localId }) => localId))];
  if (identities.length === 0) return undefined;
  const subject = identities.find(isDistinguishedName) ?? `/CN=${identities[0] ?? ""}`;
  const names = identities
    .filter((identity) => !isDistinguishedName(identity))
    .map(alternativeName);
  return [subject, ...names].map((line) => `${line}\n`).join("");
}

const pemOf = ({ pem }: { readonly pem: string }): string => pem;
