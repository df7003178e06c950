import { type Device, groups, NO_PFS, words } from "./device";

const AES = ["aes-128", "aes-192", "aes-256"];
const bits = (name: string) => /\d{3}/.exec(name)?.[0] ?? "";
const sha2 = (sizes: string[]) =>
  words(
    sizes.map((size) => `hmac-sha2-${size}`),
    (name) => `sha${bits(name)}`,
  );

const hashes = { "hmac-md5": "md5", "hmac-sha1": "sha1", ...sha2(["256", "384", "512"]) };
const named = Object.fromEntries(
  Object.keys(groups([2, 5, 14, 15, 16, 17, 18, 19, 20, 21], String)).map((name) => [name, name]),
);

/** RouterOS has no AEAD in phase 1 and no SHA-384 in phase 2. */
const one = {
  ikeEncryption: { "3des": "3des", ...words(AES, (name) => name) },
  ikeIntegrity: hashes,
  ikePrf: hashes,
  ikeGroup: named,
  espEncryption: {
    "3des": "3des",
    ...words(AES, (name) => `${name}-cbc`),
    ...words(["aes-128-ctr", "aes-192-ctr", "aes-256-ctr"], (name) => name),
    ...words(["aes-128-gcm", "aes-192-gcm", "aes-256-gcm"], (name) => name),
  },
  espIntegrity: { "hmac-md5": "md5", "hmac-sha1": "sha1", ...sha2(["256", "512"]) },
  espGroup: { ...named, ...NO_PFS },
};

export const mikrotik: Device = {
  title: "MikroTik RouterOS 7",
  words: { 1: one, 2: one },
  ownPrf: false,
  phase1Lifetime: [120, 86400],
  phase2Lifetime: [120, 86400],
  ipv6: true,
  kinds: ["policy"],
  traffic: true,
  selectors: { 2: 1 },
  esn: false,
  ownId: { 1: "any", 2: "any" },
  knowsByAddress: false,
};
