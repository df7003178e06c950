import { readCertificatesOf } from "../config/certificates";
import type { Certificate } from "../config/x509";
import type { CertificatesOutput } from "../contract/stackOutputs";
import type { Complete } from "../contract/types";
import type { Held } from "./openbsd/certificates";

type Output = Complete<CertificatesOutput>;
type Ending = Output["ends"][number];

/** What the stack says of its certificates: none of it is secret. */
export function describeCertificates(held: Held): Output {
  const { ca, own, crl } = readCertificatesOf(held);
  const issued = Object.entries(held.peers ?? {}).flatMap(([tunnel, pem]) => {
    const [certificate] = readCertificatesOf({ ca: pem }).ca;
    return certificate ? [{ tunnel, certificate }] : [];
  });
  return {
    ca: ca.map(({ pem }) => pem).join(""),
    ends: [
      ...(own ? [ending("own", own)] : []),
      ...ca.map((one) => ending("ca", one)),
      ...crl.flatMap(({ issuer, until }): Ending[] =>
        until === undefined ? [] : [{ kind: "crl", subject: issuer, ends: until, issuer }],
      ),
      ...issued.map(({ certificate }) => ending("peer", certificate)),
    ],
    revoked: crl.map(({ issuer, serials }) => ({ issuer, serials: [...serials] })),
    kept: held.peers && {
      serial: own?.serial ?? "",
      crl: held.crl,
      peers: issued.map(({ tunnel, certificate: { serial, pem } }) => ({ tunnel, serial, pem })),
    },
  };
}

const ending = (kind: Ending["kind"], { subject, issuer, until }: Certificate): Ending => ({
  ...{ kind, subject, ends: until, issuer },
});
