import type { PemProblem } from "./pem";
import type { Certificates, Tunnel } from "./schema";
import {
  type Certificate,
  readCertificates,
  readRevocationLists,
  type RevocationList,
} from "./x509";

/** What of `ike.certificates` can be read; each part that is written and cannot be is left out. */
export interface ReadCertificates {
  readonly ca: readonly Certificate[];
  readonly own?: Certificate | undefined;
  readonly crl: readonly RevocationList[];
  readonly problems: readonly {
    readonly part: "ca" | "own" | "crl";
    readonly problem: PemProblem;
  }[];
}

/** The PEM texts: as declared, or as the authority that the stack keeps has signed them. */
export type WrittenCertificates = Readonly<Pick<Certificates, "ca" | "own" | "crl">>;

/** By what was read: a dozen rules and renderers ask for the same. */
const known = new WeakMap<WrittenCertificates, ReadCertificates>();

export function readCertificatesOf(certificates: WrittenCertificates): ReadCertificates {
  const read = known.get(certificates) ?? readAnew(certificates);
  known.set(certificates, read);
  return read;
}

function readAnew({ ca, own, crl }: WrittenCertificates): ReadCertificates {
  const authorities = ca === undefined ? [] : readCertificates(ca);
  const ownOnes = own === undefined ? [] : readCertificates(own);
  const lists = crl === undefined ? [] : readRevocationLists(crl);
  const problems = [
    { part: "ca", read: authorities },
    { part: "own", read: ownOnes },
    { part: "crl", read: lists },
  ] as const;
  return {
    ca: "message" in authorities ? [] : authorities,
    own: "message" in ownOnes ? undefined : ownOnes[0],
    crl: "message" in lists ? [] : lists,
    problems: [
      ...problems.flatMap(({ part, read }) => ("message" in read ? [{ part, problem: read }] : [])),
      ...("message" in ownOnes || ownOnes.length < 2
        ? []
        : [
            {
              part: "own" as const,
              problem: {
                message: `holds ${ownOnes.length} certificates`,
                fix: "write the gateway's alone, and those above it in ca",
              },
            },
          ]),
    ],
  };
}

/** A tunnel whose ends show certificates. */
export function hasCertificate({ auth }: Pick<Tunnel, "auth">): boolean {
  return auth === "certificate";
}
