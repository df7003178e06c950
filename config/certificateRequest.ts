import { BIT_STRING, elements, hex, IDENTIFIER, INTEGER, SEQUENCE, whole } from "./der";
import { type PemProblem, readPem } from "./pem";
import { type PublicKey, readKeyInfo } from "./publicKey";

/** A request for a certificate (PKCS#10, RFC 2986): whose key it is, and what proves that its owner has made it. */
export interface CertificateRequest {
  readonly key: Omit<PublicKey, "pem">;
  /** SubjectPublicKeyInfo, DER. */
  readonly keyInfo: Uint8Array;
  /** What is signed, DER. */
  readonly body: Uint8Array;
  /** Object identifier of the signature's algorithm, in hex. */
  readonly algorithm: string;
  readonly signature: Uint8Array;
}

/** Asks whether a request is signed with its own key. Reading is pure, and cryptography is not. */
export type IsSigned = (request: CertificateRequest) => boolean;

const LABEL = "CERTIFICATE REQUEST";

/** The request in a PEM text, or why it is none that can be signed. */
export function readRequest(text: string): CertificateRequest | PemProblem {
  const blocks = readPem(text.replaceAll(`NEW ${LABEL}`, LABEL), LABEL);
  if ("message" in blocks) return blocks;
  if (blocks.length > 1) {
    return {
      message: `holds ${blocks.length} requests`,
      fix: "write the one of this tunnel's peer",
    };
  }
  const request = blocks[0] && parsed(blocks[0].der);
  return request ?? { message: "is cut or damaged", fix: `write the whole ${LABEL} in PEM` };
}

function parsed(der: Uint8Array): CertificateRequest | PemProblem | undefined {
  const outer = whole(der, SEQUENCE);
  const [body, algorithm, signature, ...more] = (outer && elements(outer)) ?? [];
  if (body?.tag !== SEQUENCE || algorithm?.tag !== SEQUENCE) return undefined;
  if (signature?.tag !== BIT_STRING || more.length > 0) return undefined;
  const [version, subject, keyInfo] = elements(body.value) ?? [];
  const [id] = elements(algorithm.value) ?? [];
  if (version?.tag !== INTEGER || subject?.tag !== SEQUENCE || !keyInfo) return undefined;
  if (id?.tag !== IDENTIFIER) return undefined;
  const key = readKeyInfo(keyInfo.whole);
  if (!key || "message" in key) return key;
  return {
    ...{ key, keyInfo: keyInfo.whole, body: body.whole, algorithm: hex(id.value) },
    signature: signature.value.subarray(1),
  };
}
