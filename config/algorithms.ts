import type { Daemon } from "./schema";

/** What an algorithm is used for: protecting IKE itself (phase 1) or the packets (phase 2, ESP). */
export type Role =
  "ikeEncryption" | "ikeIntegrity" | "ikeGroup" | "espEncryption" | "espIntegrity" | "espGroup";

/** Declared name → the word the daemon's parser knows it by. */
type Words = Readonly<Record<string, string>>;

function same(...names: string[]): Words {
  return Object.fromEntries(names.map((name) => [name, name]));
}

const hmac = same("hmac-md5", "hmac-sha1", "hmac-sha2-256", "hmac-sha2-384", "hmac-sha2-512");

const modp = same(
  "modp1024",
  "modp1536",
  "modp2048",
  "modp3072",
  "modp4096",
  "modp6144",
  "modp8192",
);
const ecp = same("ecp224", "ecp256", "ecp384", "ecp521");

// ipsecctl/parse.y authxfs, encxfs, groupxfs (ipsec.conf(5)). Names are matched by prefix there, so
// each word is the full one.
const isakmpdEncryption: Words = {
  "3des": "3des-cbc",
  ...same("aes-128", "aes-192", "aes-256", "blowfish", "cast128"),
};
const isakmpdGroup: Words = {
  ...modp,
  ...ecp,
  brainpool224: "bp224",
  brainpool256: "bp256",
  brainpool384: "bp384",
  brainpool512: "bp512",
};

// iked/parse.y (iked.conf(5)).
const ikedGroup: Words = {
  ...modp,
  ...ecp,
  ...same("brainpool224", "brainpool256", "brainpool384", "brainpool512"),
  ...same("curve25519", "sntrup761x25519"),
};

const noPfs = same("none");

const WORDS: Readonly<Record<Daemon, Readonly<Record<Role, Words>>>> = {
  isakmpd: {
    ikeEncryption: isakmpdEncryption,
    ikeIntegrity: hmac,
    ikeGroup: isakmpdGroup,
    espEncryption: {
      ...isakmpdEncryption,
      ...same("aes-128-ctr", "aes-192-ctr", "aes-256-ctr"),
      ...same("aes-128-gcm", "aes-192-gcm", "aes-256-gcm"),
    },
    espIntegrity: { ...hmac, ...same("hmac-ripemd160") },
    espGroup: { ...isakmpdGroup, ...noPfs },
  },
  iked: {
    ikeEncryption: {
      ...same("3des", "aes-128", "aes-192", "aes-256"),
      ...same("aes-128-gcm", "aes-256-gcm", "aes-128-gcm-12", "aes-256-gcm-12"),
    },
    ikeIntegrity: hmac,
    ikeGroup: ikedGroup,
    espEncryption: {
      ...same("3des", "blowfish", "aes-128", "aes-192", "aes-256"),
      cast128: "cast",
      ...same("aes-128-ctr", "aes-192-ctr", "aes-256-ctr"),
      ...same("aes-128-gcm", "aes-192-gcm", "aes-256-gcm", "chacha20-poly1305"),
    },
    espIntegrity: hmac,
    espGroup: { ...ikedGroup, ...noPfs },
  },
};

/**
 * What no declaration may name, and why. Some the daemons would still take: `quick enc null` gives
 * neither secrecy nor integrity, and the GMAC modes only authenticate.
 */
const REFUSED: Words = {
  des: "can be broken in hours",
  "des-cbc": "can be broken in hours",
  skipjack: "has an 80 bit key",
  modp768: "can be broken",
  null: "sends everything in clear",
  "aes-128-gmac": "does not encrypt",
  "aes-192-gmac": "does not encrypt",
  "aes-256-gmac": "does not encrypt",
};

/** Why the algorithm is refused whatever the daemon says, or undefined if it is not. */
export function refusal(algorithm: string): string | undefined {
  return Object.hasOwn(REFUSED, algorithm) ? REFUSED[algorithm] : undefined;
}

/** The declared names the daemon can use for the role. */
export function supported(daemon: Daemon, role: Role): string[] {
  return Object.keys(WORDS[daemon][role]);
}

/**
 * The daemon's own word for a declared algorithm.
 * @throws RangeError if the daemon does not know it; rule GW040 has refused it before.
 */
export function wordFor(daemon: Daemon, role: Role, algorithm: string): string {
  const words = WORDS[daemon][role];
  const word = Object.hasOwn(words, algorithm) ? words[algorithm] : undefined;
  if (word === undefined) throw new RangeError(`${daemon} has no ${role} ${algorithm}`);
  return word;
}

/** Whether the cipher authenticates by itself, so that an integrity algorithm must not be given. */
export function isAead(encryption: string): boolean {
  return /-gcm(-\d+)?$/.test(encryption) || encryption === "chacha20-poly1305";
}

/** Whether the cipher's blocks are of 64 bits, so that little may be sent with one key. */
export function is64BitBlock(encryption: string): boolean {
  return ["3des", "blowfish", "cast128"].includes(encryption);
}
