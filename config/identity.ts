import { parseAddress } from "./net";

/** Parts of a subject as `openssl x509 -subject -nameopt compat` prints them: `/C=DE/O=Example AG/CN=west`. */
export const DISTINGUISHED_NAME = /^(?:\/[A-Za-z][A-Za-z0-9.]*=[A-Za-z0-9 ._:@+,'()&=-]+)+$/;

/** How peers write a key id, which is bytes without a further meaning (RFC 7296 3.5). */
const KEY_ID = /^(?:@#|keyid:)/i;

/** iked takes what starts with a slash for an ASN1_DN (parse.y, get_id_type). */
export function isDistinguishedName(identity: string): boolean {
  return identity.startsWith("/");
}

export function isKeyId(identity: string): boolean {
  return KEY_ID.test(identity);
}

/** Meant as an address, and none, which the daemons call an FQDN. Of colons only `::` tells it from a MAC address. */
export function isMisspeltAddress(identity: string): boolean {
  const meant = /^(?:\d+(?:\.\d+){3}|(?=.*::)[0-9A-Fa-f:]+)$/.test(identity);
  return meant && parseAddress(identity) === undefined;
}

/** An identity as the daemons print it: `IPV4/…`, `IPV6/…`, `ASN1_DN/…`, `UFQDN/…` or `FQDN/…` (iked.conf(5)). */
export function typedIdentity(identity: string): string {
  const address = parseAddress(identity);
  if (address !== undefined) return `${address.includes(":") ? "IPV6" : "IPV4"}/${address}`;
  if (isDistinguishedName(identity)) return `ASN1_DN/${identity}`;
  return `${identity.includes("@") ? "UFQDN" : "FQDN"}/${identity}`;
}

/** Where both daemons look for the key of the peer with that identity, such as `fqdn/west.example.net`. */
export function keyName(identity: string): string {
  return typedIdentity(identity).replace(/^[A-Z0-9]+/, (type) => type.toLowerCase());
}
