import { NULL, tagged } from "../../config/der";
import { parseAddress } from "../../config/net";
import { bits, der, identifier, integer, midnight, octets, sequence, TRUE } from "./der";
import { commonName, generalName, nameConstraints } from "./names";
import type { Days } from "./schedule";

/** Who signs. */
export interface Issuer {
  readonly name: string;
  /** Of its public key (RFC 5280 4.2.1.1). */
  readonly keyId: Uint8Array;
}

interface Common extends Days {
  readonly issuer: Issuer;
  /** Hex, positive. */
  readonly serial: string;
  /** SubjectPublicKeyInfo, DER. */
  readonly keyInfo: Uint8Array;
  /** Of that key. */
  readonly keyId: Uint8Array;
}

export interface EndBody extends Common {
  /** IKE identities; the first one is the subject too. isakmpd looks at the first one alone. */
  readonly identities: readonly string[];
}

export interface AuthorityBody extends Common {
  readonly names: readonly string[];
}

export interface ListBody {
  readonly issuer: Issuer;
  readonly from: string;
  readonly until: string;
  readonly number: number;
  readonly revoked: readonly { readonly serial: string; readonly since: string }[];
}

/** Identifiers of extensions, in hex (RFC 5280 4.2.1, 5.2.3). */
const SUBJECT_KEY_ID = "551d0e";
const KEY_USAGE = "551d0f";
const SUBJECT_ALT_NAME = "551d11";
const BASIC_CONSTRAINTS = "551d13";
const LIST_NUMBER = "551d14";
const NAME_CONSTRAINTS = "551d1e";
const AUTHORITY_KEY_ID = "551d23";

/** keyCertSign and cRLSign; digitalSignature. */
const SIGNS_OTHERS = bits(Buffer.from([0b0000_0110]), 1);
const SIGNS = bits(Buffer.from([0b1000_0000]), 7);

/** sha256WithRSAEncryption: of the kinds that both daemons take the one whose signature is the same each time. */
export const SIGNATURE_ALGORITHM = sequence(identifier("2a864886f70d01010b"), der(NULL));

/** What is signed of an authority's own certificate (TBSCertificate, RFC 5280 4.1). */
export function authorityBody(body: AuthorityBody): Uint8Array {
  const noneBelow = sequence(TRUE, integer(0));
  return certificateBody(commonName(body.issuer.name), body, [
    extension(BASIC_CONSTRAINTS, noneBelow, true),
    extension(KEY_USAGE, SIGNS_OTHERS, true),
    // Critical ones keep strongSwan with its plugin openssl from reading the certificate; who knows them heeds them.
    extension(NAME_CONSTRAINTS, nameConstraints(body.names)),
  ]);
}

/** What is signed of a gateway's or a peer's certificate. */
export function endBody(body: EndBody): Uint8Array {
  const [first = ""] = body.identities;
  return certificateBody(commonName(subjectOf(first)), body, [
    extension(SUBJECT_ALT_NAME, sequence(...body.identities.map(generalName))),
    extension(BASIC_CONSTRAINTS, sequence(), true),
    extension(KEY_USAGE, SIGNS, true),
  ]);
}

/** OpenSSL takes a subject that could be a host name for one, and name constraints then refuse an address. */
const subjectOf = (identity: string): string =>
  parseAddress(identity) === undefined ? identity : `address ${identity}`;

/** What is signed of a list of revoked certificates (TBSCertList, RFC 5280 5.1). */
export function listBody({ issuer, from, until, number, revoked }: ListBody): Uint8Array {
  const entries = revoked.map(({ serial, since }) => sequence(integer(serial), midnight(since)));
  const extensions = [authorityKeyId(issuer), extension(LIST_NUMBER, integer(number))];
  return sequence(
    ...[integer(1), SIGNATURE_ALGORITHM, commonName(issuer.name), midnight(from), midnight(until)],
    ...(entries.length > 0 ? [sequence(...entries)] : []),
    der(tagged(0), sequence(...extensions)),
  );
}

function certificateBody(
  subject: Uint8Array,
  { issuer, serial, from, until, keyInfo, keyId }: Common,
  own: readonly Uint8Array[],
): Uint8Array {
  const extensions = [...own, extension(SUBJECT_KEY_ID, octets(keyId)), authorityKeyId(issuer)];
  return sequence(
    ...[der(tagged(0), integer(2)), integer(serial), SIGNATURE_ALGORITHM],
    ...[commonName(issuer.name), sequence(midnight(from), midnight(until)), subject, keyInfo],
    der(tagged(3), sequence(...extensions)),
  );
}

const authorityKeyId = ({ keyId }: Issuer): Uint8Array =>
  extension(AUTHORITY_KEY_ID, sequence(der(0x80, keyId)));

function extension(id: string, content: Uint8Array, critical = false): Uint8Array {
  return sequence(identifier(id), ...(critical ? [TRUE] : []), octets(content));
}
