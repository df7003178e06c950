import { BIT_STRING, decoded, element, hex, IDENTIFIER, INTEGER, SEQUENCE, whole } from "./der";
import { armoured } from "./pem";
import type { Daemon } from "./schema";

/** A peer's public key. */
export interface PublicKey {
  readonly kind: "RSA" | "ECDSA";
  /** Of the modulus, or of the curve. */
  readonly bits: number;
  /** PEM, SubjectPublicKeyInfo (RFC 7468 13), in lines of 64 characters and with a last line feed. */
  readonly pem: string;
}

/** What keeps a text from being used; the text itself is never quoted, as it may be a private key. */
export interface KeyProblem {
  readonly message: string;
  readonly fix: string;
}

const BLOCK =
  /^\s*-----BEGIN PUBLIC KEY-----\s+([A-Za-z0-9+/=\s]+?)\s*-----END PUBLIC KEY-----\s*$/;

const PEM_OF_A_FILE = "write the PEM text that openssl pkey -in KEY -pubout prints";

/** What people have in place of it, by how it begins. */
const OTHERS: readonly (readonly [form: RegExp, problem: KeyProblem])[] = [
  [
    /PRIVATE KEY/,
    {
      message: "is a private key, which nobody but its owner may have",
      fix: "have the peer make a new one, and write its public half: openssl pkey -in KEY -pubout",
    },
  ],
  [
    /BEGIN RSA PUBLIC KEY/,
    {
      message: "is in the form of PKCS#1",
      fix: "convert it: openssl rsa -RSAPublicKey_in -pubout",
    },
  ],
  [
    /BEGIN CERTIFICATE/,
    {
      message: "is a certificate",
      fix: "write the key in it: openssl x509 -in CERTIFICATE -noout -pubkey",
    },
  ],
  [
    /^\s*(?:ssh|ecdsa)-/,
    { message: "is in the form of OpenSSH", fix: "convert it: ssh-keygen -e -m PKCS8 -f FILE" },
  ],
];

/** DER of the object identifiers, in hex (RFC 3279 2.3.1, RFC 5480 2.1.1, RFC 8410 3). */
const RSA = "2a864886f70d010101";
const EC = "2a8648ce3d0201";
const CURVES: Readonly<Record<string, number>> = {
  "2a8648ce3d030107": 256,
  "2b81040022": 384,
  "2b81040023": 521,
};

/** Fewer are not enough any more (NIST SP 800-131A), and both daemons are slow with more. */
const RSA_BITS = { least: 2048, most: 8192 };

/** The key in a PEM text, or why it is none that a daemon can use. */
export function readPublicKey(text: string): PublicKey | KeyProblem {
  const base64 = BLOCK.exec(text)?.[1]?.replaceAll(/\s/g, "");
  if (base64 === undefined) {
    const other = OTHERS.find(([form]) => form.test(text));
    return other?.[1] ?? { message: "is not a public key in PEM", fix: PEM_OF_A_FILE };
  }
  const der = decoded(base64);
  const read = der && readKeyInfo(der);
  if (!read) return { message: "is cut or damaged", fix: PEM_OF_A_FILE };
  if ("message" in read) return read;
  return { ...read, pem: armoured("PUBLIC KEY", base64) };
}

/** @throws RangeError for a text that {@link readPublicKey} refuses; the rules did before */
export function publicKeyOf(text: string | undefined): PublicKey {
  const key = readPublicKey(text ?? "");
  if ("message" in key) throw new RangeError(`peerKey: ${key.message}`);
  return key;
}

/** What the daemon cannot do with the key, or undefined. */
export function daemonKeyProblem(
  daemon: Daemon,
  { kind }: Pick<PublicKey, "kind">,
): KeyProblem | undefined {
  return daemon === "isakmpd" && kind !== "RSA"
    ? { message: `isakmpd has no ${kind} keys`, fix: "use an RSA key, or iked" }
    : undefined;
}

/** Of a SubjectPublicKeyInfo (RFC 5280 4.1); undefined for what is damaged. */
export function readKeyInfo(der: Uint8Array): Omit<PublicKey, "pem"> | KeyProblem | undefined {
  const info = whole(der, SEQUENCE);
  if (!info) return undefined;
  const algorithm = element(info, 0, SEQUENCE);
  if (!algorithm) return undefined;
  const bits = element(info, algorithm.end, BIT_STRING);
  if (bits?.end !== info.length || bits.value[0] !== 0) return undefined;
  const name = element(algorithm.value, 0, IDENTIFIER);
  const key = bits.value.subarray(1);
  switch (name && hex(name.value)) {
    case RSA:
      return rsa(key);
    case EC:
      return ec(element(algorithm.value, name?.end ?? 0, IDENTIFIER)?.value, key);
    default:
      return { message: "is neither RSA nor ECDSA", fix: "use a key of one of these" };
  }
}

function rsa(key: Uint8Array): Omit<PublicKey, "pem"> | KeyProblem | undefined {
  const numbers = whole(key, SEQUENCE);
  const modulus = numbers && element(numbers, 0, INTEGER);
  if (!modulus || !element(numbers, modulus.end, INTEGER)) return undefined;
  const digits = hex(modulus.value).replace(/^0+/, "");
  const bits = digits === "" ? 0 : digits.length * 4 - leadingZeros(digits);
  if (bits >= RSA_BITS.least && bits <= RSA_BITS.most) return { kind: "RSA", bits };
  return {
    message: `is an RSA key of ${bits} bits`,
    fix: `use one of ${RSA_BITS.least} to ${RSA_BITS.most} bits, or ECDSA with iked`,
  };
}

const leadingZeros = (digits: string): number =>
  Math.clz32(Number.parseInt(digits.slice(0, 1), 16)) - 28;

function ec(
  curve: Uint8Array | undefined,
  point: Uint8Array,
): Omit<PublicKey, "pem"> | KeyProblem | undefined {
  const bits = curve && CURVES[hex(curve)];
  if (bits === undefined) {
    return {
      message: "is an ECDSA key of another curve than P-256, P-384 and P-521",
      fix: "use one of these",
    };
  }
  return point.length === 1 + 2 * Math.ceil(bits / 8) && point[0] === 4
    ? { kind: "ECDSA", bits }
    : undefined;
}
