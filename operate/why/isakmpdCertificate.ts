import { alternativeName } from "../../config/alternativeName";
import type { Cause, Evidence } from "../../contract/documents/why";
import type { DeclaredTunnel } from "../../contract/tunnel";
import { ISAKMPD } from "../../parse/logForms/isakmpd";
import { expected, method } from "./certificateCauses";
import type { Facts } from "./facts";

const COMMON = { code: "certificate", phase: "authentication" } as const;

type Telling = Omit<Cause, "code" | "phase" | "evidence">;

/**
 * What isakmpd says of the peer's certificate or signature (ike_auth.c rsa_sig_decode_hash): why it is not
 * believed, and not which one it is.
 *
 * @param reason the last word on the signature; undefined: the peer sent none
 * @param told what was said before it of the same message, and so of the certificate in it
 */
export function certificateCause(
  facts: Facts,
  evidence: readonly Evidence[],
  reason: string | undefined,
  told: readonly string[],
): Cause {
  const { tunnel } = facts;
  const invalid = told.flatMap(
    (message) => ISAKMPD.invalidCertificate.form.exec(message)?.[1] ?? [],
  );
  const cause = (telling: Telling): Cause => ({ ...COMMON, evidence, ...telling });
  if (reason === undefined || reason === "missing signature payload") {
    return method(tunnel, evidence);
  }
  if (reason !== "no public key found") return cause(otherKey(tunnel));
  const why = invalid.at(-1);
  if (why !== undefined) return cause(notBelieved(facts, why));
  return cause(told.some((message) => OTHER_NAME.test(message)) ? otherName(tunnel) : none(tunnel));
}

const OTHER_NAME =
  /^(?:rsa_sig_decode_hash: no CERT subject match the ID|x509_cert_subjectaltname: .*)$/;

/** In the words of LibreSSL's x509_txt.c. */
function notBelieved({ tunnel, certificates }: Facts, why: string): Telling {
  const authorities = (certificates?.ends ?? []).flatMap(({ kind, subject }) =>
    kind === "ca" ? [subject] : [],
  );
  switch (why) {
    case "certificate revoked":
      return {
        field: "ike.certificates.crl",
        what: "the peer's certificate, or an authority above it, is revoked",
        fix: "have the authority sign a new one for the peer; the gateway needs no change",
        tell: "Your certificate is revoked. Please use a new one.",
      };
    case "CRL has expired":
    case "CRL is not yet valid":
    case "unable to get certificate CRL":
      return {
        field: "ike.certificates.crl",
        what: "the list of revoked certificates of the peer's authority has expired or is missing",
        fix: "write the authority's current one as ike.certificates.crl, and pulumi up",
      };
    case "certificate has expired":
    case "certificate is not yet valid":
      return {
        field: "ike.certificates",
        what: `the peer's certificate, or an authority above it, ${why === "certificate has expired" ? "has expired" : "is not valid yet"}`,
        fix: "gateway status tells when our authorities end, and whether the clock is right; ask the peer for the days of its certificate",
        tell: "Our gateway refuses your certificate for its days. Has it expired, or is your clock wrong?",
      };
    default:
      return {
        field: "ike.certificates.ca",
        what: `the peer's certificate is not of an authority that the gateway believes, which are ${authorities.join(", ")}: ${why}`,
        fix: "have the peer use one of ours, or write its authorities up to the root in ike.certificates.ca as well",
        tell: `Your certificate is of an authority that we do not know. ${expected(tunnel)}`,
      };
  }
}

function otherName(tunnel: DeclaredTunnel): Telling {
  return {
    field: "remoteId",
    what: `the first name in the subjectAltName of the peer's certificate is not ${tunnel.remoteId}, and isakmpd looks at no other`,
    fix: `have the peer use one whose subjectAltName begins with ${alternativeName(tunnel.remoteId)}`,
    tell: `The first name in your certificate's subjectAltName is not ${tunnel.remoteId}. ${expected(tunnel)}`,
  };
}

function none(tunnel: DeclaredTunnel): Telling {
  return {
    field: "auth",
    what: "the peer shows no certificate: it has none, or waits to be asked for it, which isakmpd does not do when it begins",
    fix: `have the peer send it unasked (strongSwan: send_cert = always): gateway peer ${tunnel.name}`,
    tell: `Your side sends no certificate. Please send it unasked. ${expected(tunnel)}`,
  };
}

function otherKey(tunnel: DeclaredTunnel): Telling {
  return {
    field: "auth",
    what: "the peer signs with another private key than that of its certificate, or has a new key since isakmpd took its last certificate",
    fix: `gateway tunnel restart ${tunnel.name}, which has isakmpd forget that certificate; else have the peer install the pair`,
    tell: "Do your certificate and your private key belong together? Please install the pair.",
  };
}
