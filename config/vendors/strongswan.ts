import { type Device, type DeviceRole, NO_PFS, type Words, words } from "./device";

const bits = (name: string) => /\d{3}/.exec(name)?.[0] ?? "";
const hashes: Words = {
  ...{ "hmac-md5": "md5", "hmac-sha1": "sha1" },
  ...words(["hmac-sha2-256", "hmac-sha2-384", "hmac-sha2-512"], (name) => `sha${bits(name)}`),
};
const sizes = (suffix: string) => ["128", "192", "256"].map((size) => `aes-${size}${suffix}`);
const plain: Words = {
  "3des": "3des",
  ...words(sizes(""), (name) => `aes${bits(name)}`),
  ...words(sizes("-ctr"), (name) => `aes${bits(name)}ctr`),
};
const gcm: Words = words(sizes("-gcm"), (name) => `aes${bits(name)}gcm16`);
const aead: Words = {
  ...gcm,
  ...words(["aes-128-gcm-12", "aes-256-gcm-12"], (name) => `aes${bits(name)}gcm12`),
  "chacha20-poly1305": "chacha20poly1305",
};
const MODP = ["1024", "1536", "2048", "3072", "4096", "6144", "8192"].map((size) => `modp${size}`);
const groups: Words = {
  ...words([...MODP, "ecp224", "ecp256", "ecp384", "ecp521"], (name) => name),
  ...words(
    ["brainpool224", "brainpool256", "brainpool384", "brainpool512"],
    (name) => `ecp${bits(name)}bp`,
  ),
  curve25519: "curve25519",
};

function roles(ike: Words, esp: Words): Readonly<Record<DeviceRole, Words>> {
  return {
    ikeEncryption: ike,
    ikeIntegrity: hashes,
    ikePrf: hashes,
    ikeGroup: groups,
    espEncryption: esp,
    espIntegrity: hashes,
    espGroup: { ...groups, ...NO_PFS },
  };
}

export const strongswan: Device = {
  title: "strongSwan (swanctl)",
  words: {
    1: roles(plain, { ...plain, ...gcm }),
    2: roles({ ...plain, ...aead }, { ...plain, ...aead }),
  },
  ownPrf: true,
  phase1Lifetime: [120, 86400],
  phase2Lifetime: [120, 86400],
  ipv6: true,
  kinds: ["policy", "route"],
  traffic: true,
  esn: true,
  ownId: { 1: "any", 2: "any" },
  knowsByAddress: false,
};
