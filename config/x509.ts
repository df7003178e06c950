import {
  BIT_STRING,
  BOOLEAN,
  type Element,
  element,
  elements,
  GENERALIZED_TIME,
  hex,
  IDENTIFIER,
  INTEGER,
  latin1,
  OCTET_STRING,
  SEQUENCE,
  tagged,
  UTC_TIME,
  whole,
} from "./der";
import { distinguishedName } from "./distinguishedName";
import { typedIdentity } from "./identity";
import { type PemProblem, readPem } from "./pem";
import { type PublicKey, readKeyInfo } from "./publicKey";

/** Who has issued something, by the name and, where it is told, by the key. */
interface Issued {
  /** As openssl prints it: `/O=Example/CN=root`. */
  readonly issuer: string;
  /** DER, in hex: names are compared by it. */
  readonly issuerName: string;
  /** Of the key that signed it, in hex (RFC 5280 4.2.1.1). */
  readonly issuerKeyId?: string | undefined;
  readonly pem: string;
}

export interface Certificate extends Issued {
  readonly subject: string;
  readonly subjectName: string;
  readonly keyId?: string | undefined;
  /** In hex, without leading zeros. */
  readonly serial: string;
  /** UTC, ISO 8601. */
  readonly from: string;
  readonly until: string;
  readonly isAuthority: boolean;
  /** What its subjectAltName has of what is an IKE identity, as the daemons print it: `FQDN/gw.example.net`. */
  readonly identities: readonly string[];
  /** The one of them that isakmpd looks at; absent: what it reads in its place is no identity. */
  readonly firstIdentity?: string | undefined;
  /** Absent: of another kind than these. */
  readonly key?: Omit<PublicKey, "pem"> | undefined;
  /** What a daemon cannot do with its key. */
  readonly keyProblem?: PemProblem | undefined;
}

/** A list of revoked certificates (CRL). */
export interface RevocationList extends Issued {
  readonly from: string;
  /** Absent: it does not say when the next one comes, and never ends. */
  readonly until?: string | undefined;
  readonly serials: ReadonlySet<string>;
}

export function readCertificates(text: string): readonly Certificate[] | PemProblem {
  return readAll(text, "CERTIFICATE", certificate);
}

export function readRevocationLists(text: string): readonly RevocationList[] | PemProblem {
  return readAll(text, "X509 CRL", revocationList);
}

/** Whether that authority may have issued it; whether its signature is right the gateway's openssl checks. */
export function mayHaveIssued(authority: Certificate, issued: Issued): boolean {
  if (!authority.isAuthority || authority.subjectName !== issued.issuerName) return false;
  const [key, wanted] = [authority.keyId, issued.issuerKeyId];
  return key === undefined || wanted === undefined || key === wanted;
}

export function isSelfSigned(certificate: Certificate): boolean {
  return mayHaveIssued(certificate, certificate);
}

function readAll<T>(
  text: string,
  label: string,
  read: (der: Uint8Array, pem: string) => T | undefined,
): readonly T[] | PemProblem {
  const blocks = readPem(text, label);
  if ("message" in blocks) return blocks;
  const found = blocks.flatMap(({ der, pem }) => read(der, pem) ?? []);
  return found.length === blocks.length
    ? found
    : { message: "is cut or damaged", fix: `write the whole ${label} in PEM` };
}

/** The parts of what is signed: TBSCertificate or TBSCertList (RFC 5280 4.1, 5.1). */
function signedParts(der: Uint8Array): Element[] | undefined {
  const outer = whole(der, SEQUENCE);
  const parts = outer && elements(outer);
  const [signed, algorithm, signature] = parts ?? [];
  if (parts?.length !== 3 || algorithm?.tag !== SEQUENCE) return undefined;
  if (signed?.tag !== SEQUENCE || signature?.tag !== BIT_STRING) return undefined;
  return elements(signed.value);
}

function certificate(der: Uint8Array, pem: string): Certificate | undefined {
  const [version, ...rest] = signedParts(der) ?? [];
  const fields = version?.tag === tagged(0) ? rest : version && [version, ...rest];
  const [serial, , issuer, validity, subject, key, ...further] = fields ?? [];
  const times = validity && elements(validity.value)?.map(time);
  const [from, until] = times ?? [];
  if (serial?.tag !== INTEGER || !issuer || !subject || !key) return undefined;
  if (from === undefined || until === undefined) return undefined;
  const extensions = extensionsIn(further, tagged(3));
  const [issuerText, subjectText] = [distinguishedName(issuer), distinguishedName(subject)];
  const info = readKeyInfo(key.whole);
  if (!extensions || issuerText === undefined || subjectText === undefined || !info) {
    return undefined;
  }
  return {
    issuer: issuerText,
    issuerName: hex(issuer.whole),
    issuerKeyId: authorityKeyId(extensions),
    subject: subjectText,
    subjectName: hex(subject.whole),
    keyId: subjectKeyId(extensions),
    serial: number(serial),
    ...{ from, until, pem },
    isAuthority: isAuthority(extensions),
    identities: identities(extensions),
    firstIdentity: firstIdentity(extensions),
    key: "message" in info ? undefined : info,
    keyProblem: "message" in info ? info : undefined,
  };
}

function revocationList(der: Uint8Array, pem: string): RevocationList | undefined {
  const all = signedParts(der) ?? [];
  const fields = all[0]?.tag === INTEGER ? all.slice(1) : all;
  const [, issuer, begins, ...rest] = fields;
  const from = begins && time(begins);
  const until = rest[0] && time(rest[0]);
  const list = rest.find(({ tag }) => tag === SEQUENCE);
  const extensions = extensionsIn(rest, tagged(0));
  const issuerText = issuer && distinguishedName(issuer);
  if (from === undefined || !issuer || issuerText === undefined || !extensions) return undefined;
  const revoked = (list ? elements(list.value) : []) ?? [];
  const serials = revoked.flatMap((entry) => element(entry.value, 0, INTEGER) ?? []);
  return {
    issuer: issuerText,
    issuerName: hex(issuer.whole),
    issuerKeyId: authorityKeyId(extensions),
    serials: new Set(serials.map(number)),
    ...{ from, until, pem },
  };
}

const number = ({ value }: Element): string => hex(value).replace(/^0+(?=.)/, "");

/** UTC, ISO 8601 without fractions (RFC 5280 4.1.2.5). */
function time({ tag, value }: Element): string | undefined {
  const text = latin1(value);
  const [, year = "", ...rest] =
    (tag === UTC_TIME
      ? /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/
      : tag === GENERALIZED_TIME
        ? /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/
        : /^(?!)/
    ).exec(text) ?? [];
  if (year === "") return undefined;
  const [month = "", day = "", hour = "", minute = "", second = ""] = rest;
  const century = year.length === 4 ? "" : Number(year) < 50 ? "20" : "19";
  const iso = `${century}${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
  return Number.isNaN(Date.parse(iso)) ? undefined : iso;
}

type Extensions = ReadonlyMap<string, Uint8Array>;

/** Object identifiers of extensions, in hex (RFC 5280 4.2.1). */
const SUBJECT_KEY_ID = "551d0e";
const SUBJECT_ALT_NAME = "551d11";
const BASIC_CONSTRAINTS = "551d13";
const AUTHORITY_KEY_ID = "551d23";

function extensionsIn(fields: readonly Element[], tag: number): Extensions | undefined {
  const field = fields.find((one) => one.tag === tag);
  if (!field) return new Map();
  const list = whole(field.value, SEQUENCE);
  const entries = list && elements(list);
  const found = entries?.flatMap(({ value }): [string, Uint8Array][] => {
    const parts = elements(value) ?? [];
    const [id, content] = [parts[0], parts.at(-1)];
    return id?.tag === IDENTIFIER && content?.tag === OCTET_STRING
      ? [[hex(id.value), content.value]]
      : [];
  });
  return found && found.length === entries?.length ? new Map(found) : undefined;
}

function isAuthority(extensions: Extensions): boolean {
  const constraints = extensions.get(BASIC_CONSTRAINTS);
  const fields = constraints && whole(constraints, SEQUENCE);
  return fields !== undefined && (element(fields, 0, BOOLEAN)?.value[0] ?? 0) !== 0;
}

function subjectKeyId(extensions: Extensions): string | undefined {
  const content = extensions.get(SUBJECT_KEY_ID);
  const id = content && whole(content, OCTET_STRING);
  return id && hex(id);
}

function authorityKeyId(extensions: Extensions): string | undefined {
  const content = extensions.get(AUTHORITY_KEY_ID);
  const fields = content && whole(content, SEQUENCE);
  const id = fields && element(fields, 0, 0x80);
  return id && hex(id.value);
}

const [EMAIL, HOST, ADDRESS] = [0x81, 0x82, 0x87];

/** Of the kinds that iked compares an identity with (ca.c ca_x509_subjectaltname_do). */
function identities(extensions: Extensions): string[] {
  const content = extensions.get(SUBJECT_ALT_NAME);
  const names = content && whole(content, SEQUENCE);
  return ((names && elements(names)) ?? []).flatMap(({ tag, value }) => identity(tag, value) ?? []);
}

function identity(tag: number, value: Uint8Array): string | undefined {
  switch (tag) {
    case EMAIL:
      return `UFQDN/${latin1(value)}`;
    case HOST:
      return `FQDN/${latin1(value)}`;
    case ADDRESS:
      return typedIdentity(address(value));
    default:
      return undefined;
  }
}

/**
 * isakmpd takes the third and the fourth byte for the kind and the length of the first name, which they are in an
 * extension of less than 128 bytes only (x509.c x509_cert_subjectaltname).
 */
function firstIdentity(extensions: Extensions): string | undefined {
  const content = extensions.get(SUBJECT_ALT_NAME);
  const [, , kind, length] = content ?? [];
  if (content === undefined || kind === undefined || length === undefined) return undefined;
  if (length + 4 > content.length) return undefined;
  return identity(0x80 | (kind & 0x3f), content.subarray(4, 4 + length));
}

function address(bytes: Uint8Array): string {
  return bytes.length === 4 ? bytes.join(".") : (hex(bytes).match(/.{4}/g) ?? []).join(":");
}
