import type { Daemon } from "../../config/schema";

type Kind = "auth" | "enc" | "group";

const HMAC = ["hmac-md5", "hmac-ripemd160", "hmac-sha1"];
const SHA2 = ["hmac-sha2-256", "hmac-sha2-384", "hmac-sha2-512"];
const sized = (name: string): string[] => ["128", "192", "256"].map((bits) => `aes-${bits}${name}`);

/** Groups by the number that IANA gave them, in the order of both parsers. */
const GROUPS: readonly (readonly [declared: string, ...words: string[]])[] = [
  ["modp768", "grp1"],
  ["modp1024", "grp2"],
  ["modp1536", "grp5"],
  ["modp2048", "grp14"],
  ["modp3072", "grp15"],
  ["modp4096", "grp16"],
  ["modp6144", "grp17"],
  ["modp8192", "grp18"],
  ["ecp256", "grp19"],
  ["ecp384", "grp20"],
  ["ecp521", "grp21"],
  ["ecp192", "grp25"],
  ["ecp224", "grp26"],
  ["brainpool224", "bp224", "grp27"],
  ["brainpool256", "bp256", "grp28"],
  ["brainpool384", "bp384", "grp29"],
  ["brainpool512", "bp512", "grp30"],
  ["curve25519", "grp31"],
  ["sntrup761x25519"],
];

type Table = readonly (readonly [word: string, declared: string])[];

const same = (names: readonly string[]): Table => names.map((name) => [name, name]);
const groups: Table = [
  ["none", "none"],
  ...GROUPS.flatMap((words) => words.map((word) => [word, words[0]] as const)),
];

// The parsers' tables in their order, since the first word that starts as written is meant
// (parse_xf in ipsecctl/parse.y and iked/parse.y).
const TABLES: Readonly<Record<Daemon, Readonly<Record<Kind, Table>>>> = {
  isakmpd: {
    auth: same([...HMAC, ...SHA2]),
    enc: [
      ["3des-cbc", "3des"],
      ["aes", "aes-128"],
      ...same([...sized(""), "aesctr", ...sized("-ctr"), ...sized("-gcm"), ...sized("-gmac")]),
      ...same(["blowfish", "cast128", "chacha20-poly1305", "null"]),
    ],
    group: groups,
  },
  iked: {
    auth: same([...HMAC, ...SHA2]),
    enc: [
      ["3des-cbc", "3des"],
      ...same([...sized(""), "aes-128-gcm", "aes-192-gcm", "aes-256-gcm"]),
      ...same(["aes-128-gcm-12", "aes-256-gcm-12", ...sized("-ctr"), ...sized("-gmac")]),
      ["blowfish", "blowfish"],
      ["cast", "cast128"],
      ...same(["chacha20-poly1305", "null"]),
    ],
    group: groups,
  },
};

/** The declared name of an algorithm that a daemon's file names, or the word itself if unknown. */
export function declaredName(daemon: Daemon, kind: Kind, word: string): string {
  const table = TABLES[daemon][kind];
  const exact = table.find(([known]) => known === word);
  const [, declared = word] = exact ?? table.find(([known]) => known.startsWith(word)) ?? [];
  return declared;
}
