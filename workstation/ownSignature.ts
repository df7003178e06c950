import { createPublicKey, verify } from "node:crypto";

/** A request for a certificate, as far as its signature goes: DER, and the algorithm's identifier in hex. */
export interface SignedRequest {
  readonly keyInfo: Uint8Array;
  readonly body: Uint8Array;
  readonly algorithm: string;
  readonly signature: Uint8Array;
}

/** Hashes of RSA (RFC 8017 A.2.4) and ECDSA (RFC 5758 3.2) by the algorithm's identifier. */
const HASHES: Readonly<Record<string, string>> = {
  "2a864886f70d01010b": "sha256",
  "2a864886f70d01010c": "sha384",
  "2a864886f70d01010d": "sha512",
  "2a8648ce3d040302": "sha256",
  "2a8648ce3d040303": "sha384",
  "2a8648ce3d040304": "sha512",
};

/** Whether who has made the request has the private half of its key. Signatures with SHA-1 do not count. */
export function isSignedByItsKey({ keyInfo, body, algorithm, signature }: SignedRequest): boolean {
  const hash = HASHES[algorithm];
  if (hash === undefined) return false;
  try {
    const key = createPublicKey({ key: Buffer.from(keyInfo), format: "der", type: "spki" });
    return verify(hash, body, key, signature);
  } catch {
    return false;
  }
}
