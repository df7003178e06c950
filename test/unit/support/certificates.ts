import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from "node:crypto";
import { armoured } from "../../../config/pem";

/** Makes certificates and lists of revoked ones with any fault, as no tool does. Keys are of P-256 unless given. */
export interface Authority {
  readonly subject: string;
  readonly key: KeyObject;
  readonly pem: string;
}

export interface Wanted {
  /** Such as `/O=Example/CN=gw`. */
  readonly subject: string;
  /** `DNS:…`, `email:…`, `URI:…` or `IP:…` (IPv4). */
  readonly names?: readonly string[];
  /** Whose key it is of. */
  readonly key: KeyObject;
  /** Days: YYYY-MM-DD. */
  readonly from?: string;
  readonly until?: string;
  readonly serial?: number;
  readonly authority?: boolean;
  /** Without the key identifiers. */
  readonly bare?: boolean;
}

export interface WantedList {
  readonly serials: readonly number[];
  readonly from?: string;
  /** `never`: it does not say. */
  readonly until?: string;
}

const FROM = "2026-01-01";
const UNTIL = "2036-01-01";

export function newKey(): { readonly secret: KeyObject; readonly open: KeyObject } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return { secret: privateKey, open: publicKey };
}

export const secretPem = (key: KeyObject): string =>
  key.export({ type: "pkcs8", format: "pem" }).toString();

/**
 * @param wanted its key is the private one
 * @param issuer of an intermediate one: who issues it
 */
export function newAuthority(
  subject: string,
  wanted: Partial<Wanted> = {},
  issuer?: Authority,
): Authority {
  const secret = wanted.key ?? newKey().secret;
  const open = createPublicKey(secret);
  const own = { subject, key: secret, pem: "" };
  return {
    ...own,
    pem: issue(issuer ?? own, { authority: true, ...wanted, subject, key: open }),
  };
}

export function issue(issuer: Omit<Authority, "pem">, wanted: Wanted): string {
  const { subject, names = [], key, serial = 1, authority = false, bare = false } = wanted;
  const { from = FROM, until = UNTIL } = wanted;
  const open = key.type === "private" ? createPublicKey(key) : key;
  const extensions = [
    ...(authority ? [extension("551d13", seq(der(0x01, Buffer.from([0xff]))), true)] : []),
    ...(names.length > 0 ? [extension("551d11", seq(...names.map(generalName)))] : []),
    ...(bare
      ? []
      : [
          extension("551d0e", der(0x04, keyId(open))),
          extension("551d23", seq(der(0x80, keyId(createPublicKey(issuer.key))))),
        ]),
  ];
  const parts = [
    der(0xa0, integer(2)),
    ...[integer(serial), algorithm(issuer.key), distinguished(issuer.subject)],
    ...[seq(utc(from), utc(until)), distinguished(subject), spki(open)],
    ...(extensions.length > 0 ? [der(0xa3, seq(...extensions))] : []),
  ];
  return signed("CERTIFICATE", seq(...parts), issuer.key);
}

export function revoke(
  issuer: Omit<Authority, "pem">,
  { serials, from = FROM, until = UNTIL }: WantedList,
): string {
  const revoked = serials.map((serial) => seq(integer(serial), utc(from)));
  const parts = [
    ...[integer(1), algorithm(issuer.key), distinguished(issuer.subject), utc(from)],
    ...(until === "never" ? [] : [utc(until)]),
    ...(revoked.length > 0 ? [seq(...revoked)] : []),
    der(
      0xa0,
      seq(
        extension("551d23", seq(der(0x80, keyId(createPublicKey(issuer.key))))),
        extension("551d14", integer(1)),
      ),
    ),
  ];
  return signed("X509 CRL", seq(...parts), issuer.key);
}

/**
 * A request for a certificate (PKCS#10).
 * @param key the private one
 * @param by who signs it in place of that key
 */
export function request(key: KeyObject, subject = "/CN=peer", by = key): string {
  const body = seq(integer(0), distinguished(subject), spki(createPublicKey(key)), der(0xa0));
  return signed("CERTIFICATE REQUEST", body, by);
}

/** An authority whose key was kept. */
export function authorityOf(subject: string, secret: string, pem: string): Authority {
  return { subject, key: createPrivateKey(secret), pem };
}

function signed(label: string, body: Buffer, key: KeyObject): string {
  const signature = sign("sha256", body, key);
  const bits = der(0x03, Buffer.concat([Buffer.from([0]), signature]));
  return armoured(label, seq(body, algorithm(key), bits).toString("base64"));
}

function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const size =
    length < 0x80
      ? [length]
      : length < 0x100
        ? [0x81, length]
        : length < 0x10000
          ? [0x82, length >> 8, length & 0xff]
          : [0x83, length >> 16, (length >> 8) & 0xff, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const seq = (...contents: readonly Buffer[]): Buffer => der(0x30, ...contents);
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, "hex"));
/** With SHA-256. */
const algorithm = ({ asymmetricKeyType }: KeyObject): Buffer =>
  asymmetricKeyType === "rsa"
    ? seq(oid("2a864886f70d01010b"), der(0x05))
    : seq(oid("2a8648ce3d040302"));

function integer(value: number): Buffer {
  const digits = value.toString(16);
  const bytes = Buffer.from(digits.padStart(digits.length + (digits.length % 2), "0"), "hex");
  return der(0x02, (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
}

const utc = (day: string): Buffer =>
  der(0x17, Buffer.from(`${day.slice(2).replaceAll("-", "")}000000Z`));

const ATTRIBUTES: Readonly<Record<string, string>> = { CN: "550403", C: "550406", O: "55040a" };

function distinguished(subject: string): Buffer {
  const parts = subject.split("/").slice(1);
  return seq(
    ...parts.map((part) => {
      const at = part.indexOf("=");
      const [name, value] = [part.slice(0, at), part.slice(at + 1)];
      return der(0x31, seq(oid(ATTRIBUTES[name] ?? ""), der(0x0c, Buffer.from(value))));
    }),
  );
}

function generalName(name: string): Buffer {
  const at = name.indexOf(":");
  const [kind, value] = [name.slice(0, at), name.slice(at + 1)];
  if (kind === "IP") return der(0x87, Buffer.from(value.split(".").map(Number)));
  return der(kind === "email" ? 0x81 : kind === "URI" ? 0x86 : 0x82, Buffer.from(value));
}

function extension(id: string, content: Buffer, critical = false): Buffer {
  const mark = critical ? [der(0x01, Buffer.from([0xff]))] : [];
  return seq(oid(id), ...mark, der(0x04, content));
}

const spki = (key: KeyObject): Buffer => key.export({ type: "spki", format: "der" });
const keyId = (key: KeyObject): Buffer => createHash("sha1").update(spki(key)).digest();
