import { readCertificatesOf } from "../config/certificates";
import type { StackConfig } from "../config/schema";
import type { CertificatesOutput } from "../contract/stackOutputs";
import type { Complete } from "../contract/types";

/** What the stack says of its certificates: none of it is secret. */
export function describeCertificates({
  ike,
}: StackConfig): Complete<CertificatesOutput> | undefined {
  if (!ike.certificates) return undefined;
  const { ca, own, crl } = readCertificatesOf(ike.certificates);
  return {
    ca: ca.map(({ pem }) => pem).join(""),
    ends: [
      ...(own ? [{ kind: "own" as const, subject: own.subject, ends: own.until }] : []),
      ...ca.map(({ subject, until }) => ({ kind: "ca" as const, subject, ends: until })),
      ...crl.flatMap(({ issuer, until }) =>
        until === undefined ? [] : [{ kind: "crl" as const, subject: issuer, ends: until }],
      ),
    ],
    revoked: crl.map(({ issuer, serials }) => ({ issuer, serials: [...serials] })),
  };
}
