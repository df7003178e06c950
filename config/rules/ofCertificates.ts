import { hasCertificate, type ReadCertificates, readCertificatesOf } from "../certificates";
import type { Draft, DraftTunnel } from "../draft";
import type { Certificate } from "../x509";
import type { Finding, Rule } from "./rule";

export const at = (part: "ca" | "own" | "crl"): string => `ike.certificates.${part}`;

/** A rule of what can be read. */
export function ofRead(check: (read: ReadCertificates, draft: Draft) => Finding[]): Rule["check"] {
  return (draft) => {
    const certificates = draft.ike?.certificates;
    return certificates ? check(readCertificatesOf(certificates), draft) : [];
  };
}

export function signed(tunnels: readonly DraftTunnel[]): DraftTunnel[] {
  return tunnels.filter(({ tunnel }) => hasCertificate(tunnel));
}

export interface Placed {
  readonly part: "ca" | "own";
  readonly certificate: Certificate;
}

export function all({ ca, own }: ReadCertificates): Placed[] {
  return [
    ...ca.map((certificate) => ({ part: "ca" as const, certificate })),
    ...(own ? [{ part: "own" as const, certificate: own }] : []),
  ];
}
