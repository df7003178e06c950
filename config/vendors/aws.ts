import { type Device, groups, words } from "./device";

const bits = (name: string) => /\d{3}/.exec(name)?.[0] ?? "";
const encryption = {
  ...words(["aes-128", "aes-256"], (name) => `AES${bits(name)}`),
  ...words(["aes-128-gcm", "aes-256-gcm"], (name) => `AES${bits(name)}-GCM-16`),
};
const hashes = {
  "hmac-sha1": "SHA1",
  ...words(["hmac-sha2-256", "hmac-sha2-384", "hmac-sha2-512"], (name) => `SHA2-${bits(name)}`),
};
const FROM_14 = [14, 15, 16, 17, 18, 19, 20, 21];

/** Site-to-Site VPN: one pair of security associations per tunnel, and always PFS. */
const one = {
  ikeEncryption: encryption,
  ikeIntegrity: hashes,
  ikePrf: hashes,
  ikeGroup: groups([2, ...FROM_14], String),
  espEncryption: encryption,
  espIntegrity: hashes,
  espGroup: groups([2, 5, ...FROM_14], String),
};

export const aws: Device = {
  title: "AWS Site-to-Site VPN",
  words: { 1: one, 2: one },
  ownPrf: false,
  phase1Lifetime: [900, 28800],
  phase2Lifetime: [900, 3600],
  ipv6: false,
  kinds: ["policy", "route"],
  traffic: false,
  selectors: { 1: 1, 2: 1 },
  esn: false,
  ownId: { 1: "address", 2: "address" },
  knowsByAddress: true,
  neverStarts: 1,
};
