import { CIPHERS } from "./ciphers";
import { CURVE_GROUPS } from "./curveGroups";
import { HASHES } from "./hashes";
import { MODP_GROUPS } from "./modpGroups";
import { REFUSED_CIPHERS } from "./refusedCiphers";
import type { Algorithm, Cipher, Group, Hash, Kind } from "./row";

/**
 * Every algorithm, the registry that all other tables are made of. The order is that of both parsers
 * (authxfs, encxfs and groupxfs of ipsecctl/parse.y, iked/parse.y): of a word cut short they take the first
 * that begins with it. Constants: sbin/iked/ikev2.h, sbin/isakmpd/ipsec_num.cst. Numbers: IANA, IKEv2
 * transform types 1 to 4; each `group N` is derived from them. Words of the devices: docs/peers.md.
 *
 * Words of others: RFC 2409, 3526, 4106, 4868, 5903, 8031; Azure `New-AzIpsecPolicy`; Google Cloud VPN, supported
 * ciphers; PAN-OS IKE crypto profiles; Junos `security ike proposal`; Check Point community settings.
 */
const CIPHER_ROWS = { ...CIPHERS, ...REFUSED_CIPHERS };
const GROUP_ROWS = { ...MODP_GROUPS, ...CURVE_GROUPS };

export type CipherName = keyof typeof CIPHER_ROWS;
export type HashName = keyof typeof HASHES;
export type GroupName = keyof typeof GROUP_ROWS;

type Rows<Row> = ReadonlyMap<string, Row>;

function rows<Row>(table: Readonly<Record<string, Row>>): Rows<Row> {
  return new Map(Object.entries(table));
}

export const ciphers: Rows<Cipher> = rows<Cipher>(CIPHER_ROWS);
export const hashes: Rows<Hash> = rows<Hash>(HASHES);
export const groups: Rows<Group> = rows<Group>(GROUP_ROWS);

export const TABLES: Readonly<Record<Kind, Rows<Algorithm>>> = {
  encryption: ciphers,
  hash: hashes,
  group: groups,
};
