import { alternativeName } from "../../config/alternativeName";
import { isDistinguishedName, typedIdentity } from "../../config/identity";
import { signsByCurve } from "../../config/vendors";
import type { Cause, Evidence } from "../../contract/documents/why";
import type { DeclaredTunnel } from "../../contract/tunnel";
import type { Facts } from "./facts";

/** What iked logs of the peer's certificate that it refuses. */
export interface ShownCertificate {
  readonly issuer?: string | undefined;
  /** In hex. */
  readonly serial?: string | undefined;
  /** The identities of its subjectAltName. */
  readonly names: readonly string[];
}

const COMMON = { code: "certificate", phase: "authentication" } as const;

/**
 * iked tells only that the certificate is invalid, whatever is wrong with it (ca.c ca_validate_cert); what it
 * logs of it is compared with what the stack declares.
 */
export function refused(
  { tunnel, certificates }: Facts,
  evidence: readonly Evidence[],
  { issuer, serial, names }: ShownCertificate,
): Cause {
  const wanted = typedIdentity(tunnel.remoteId);
  if (issuer === undefined || !certificates) {
    return {
      ...COMMON,
      field: "ike.certificates.ca",
      what: "the peer shows no certificate that can be believed, or it has expired",
      evidence,
      fix: "compare its issuer, its days and its subjectAltName with ours: gateway peer shows what we expect",
      tell: `Our gateway (${tunnel.localId}) refuses your certificate. ${expected(tunnel)}`,
    };
  }
  const authorities = certificates.ends.filter(({ kind }) => kind === "ca");
  if (authorities.every(({ subject }) => subject !== issuer)) {
    return {
      ...COMMON,
      field: "ike.certificates.ca",
      what: `the peer's certificate is of ${issuer}, and the gateway believes ${authorities.map(({ subject }) => subject).join(", ")}`,
      evidence,
      fix: `have the peer use one of ours, or write the certificate of ${issuer} in ike.certificates.ca as well`,
      tell: `Your certificate is issued by ${issuer}, which we do not know. ${expected(tunnel)}`,
    };
  }
  const plain = (serial ?? "").toLowerCase().replace(/^0+(?=.)/, "");
  const list = certificates.revoked.find((one) => one.issuer === issuer);
  if (list?.serials.includes(plain) === true) {
    return {
      ...COMMON,
      field: "ike.certificates.crl",
      what: `the peer's certificate, serial ${plain} of ${issuer}, is revoked`,
      evidence,
      fix: "have the authority sign a new one for the peer; the gateway needs no change",
      tell: `Your certificate (serial ${plain} of ${issuer}) is revoked. Please use a new one.`,
    };
  }
  if (!isDistinguishedName(tunnel.remoteId) && !names.includes(wanted)) {
    return {
      ...COMMON,
      field: "remoteId",
      what: `the peer's certificate names ${names.join(", ") || "nobody in a subjectAltName"}, and not ${wanted}`,
      evidence,
      fix: `have the peer use one whose subjectAltName has ${alternativeName(tunnel.remoteId)}, or set remoteId to what it names`,
      tell: `Your certificate does not name ${tunnel.remoteId} in its subjectAltName. ${expected(tunnel)}`,
    };
  }
  return {
    ...COMMON,
    field: "ike.certificates",
    what: `the peer's certificate, serial ${plain} of ${issuer}, has expired or is not valid yet; or it is of another key of that authority, or the authority's list has expired since`,
    evidence,
    fix: "gateway status tells when our authorities and lists end; ask the peer for the days of its certificate",
    tell: `Our gateway refuses your certificate (serial ${plain} of ${issuer}). Has it expired, or is your clock wrong?`,
  };
}

/** The peer sends a key without a certificate, as one does whose own certificate does not fit. */
export function bareKey(tunnel: DeclaredTunnel, evidence: readonly Evidence[]): Cause {
  return {
    ...COMMON,
    field: "auth",
    what: "the peer shows a bare key and no certificate: it has none that names its identity, or of an authority that we asked for",
    evidence,
    fix: `have the peer install a certificate for ${tunnel.remoteId}: gateway peer ${tunnel.name} says which`,
    tell: `Your side sends a raw public key in place of a certificate. ${expected(tunnel)}`,
  };
}

/** The certificate is good, and the signature is not of its key. */
export function signature(evidence: readonly Evidence[]): Cause {
  return {
    ...COMMON,
    field: "auth",
    what: "the peer signs with another private key than that of its certificate",
    evidence,
    fix: "have the peer install the certificate of the key that it signs with",
    tell: "Your certificate and your private key do not belong together. Please install the pair.",
  };
}

export function ownRefused(tunnel: DeclaredTunnel, evidence: readonly Evidence[]): Cause {
  return {
    code: "authentication",
    phase: "authentication",
    field: "ike.certificates.own",
    what:
      "the peer refused our authentication: it does not believe our certificate's authority, takes it for expired or revoked, " +
      `does not know us as ${tunnel.localId}, or has none of its own that names ${tunnel.remoteId}; only its own log tells which`,
    evidence,
    fix: `gateway status tells when our certificate ends; have the peer compare its authorities: gateway peer ${tunnel.name}`,
    tell: `Your side refuses our authentication (AUTHENTICATION_FAILED). We are ${tunnel.localId}, by a certificate. Does your log say unknown authority, expired, revoked or unknown identity?`,
  };
}

export function noneOfOurs(tunnel: DeclaredTunnel, evidence: readonly Evidence[]): Cause {
  return {
    ...COMMON,
    phase: "gateway",
    field: "ike.certificates.own",
    what: `no certificate on the gateway names ${tunnel.localId} and is of the gateway's key, so that it shows a bare key`,
    evidence,
    fix: "gateway drift, then pulumi up; with a new private key have the output certificateRequest signed again",
  };
}

export function method(tunnel: DeclaredTunnel, evidence: readonly Evidence[]): Cause {
  const byCurve = signsByCurve(tunnel);
  const forms = byCurve
    ? "ECDSA with P-256 and SHA-256, RFC 4754 or 7427"
    : tunnel.ikeVersion === 2
      ? "RFC 7427, SHA-2"
      : "RSA signatures, RFC 2409";
  return {
    code: "authentication",
    phase: "authentication",
    field: "auth",
    what: "the peer authenticates in another way, and we by certificates",
    evidence,
    fix:
      tunnel.ikeVersion === 2
        ? "compare auth with the peer's: a preshared key and RSA with SHA-1 are not taken here" +
          (byCurve ? "" : ", and ECDSA of RFC 4754 with vendor: cisco-ios only")
        : "compare auth with the peer's: a preshared key is not taken here",
    tell: `Please authenticate to ${tunnel.localId} with a certificate (${forms}), without a preshared key.`,
  };
}

/** What the peer's certificate has to be, for its administrator. */
export function expected({ remoteId, localId }: DeclaredTunnel): string {
  const names = isDistinguishedName(remoteId)
    ? `the subject ${remoteId}`
    : `the subjectAltName ${alternativeName(remoteId)}`;
  return `Please use one with ${names}, of an authority of ${localId}.`;
}
