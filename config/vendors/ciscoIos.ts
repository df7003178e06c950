import { type Device, groups, NO_PFS, words } from "./device";

const HASHES = ["hmac-sha2-256", "hmac-sha2-384", "hmac-sha2-512"];
const bits = (name: string) => /\d{3}/.exec(name)?.[0] ?? "";

const hashes = {
  "hmac-md5": "md5",
  ...words(HASHES, (name) => `sha${bits(name)}`),
};
const v1Hashes = { ...hashes, "hmac-sha1": "sha" };
const v2Hashes = { ...hashes, "hmac-sha1": "sha1" };
const NUMBERS = [2, 5, 14, 15, 16, 19, 20, 21];
const number = groups(NUMBERS, String);

const esp = {
  espEncryption: {
    "3des": "esp-3des",
    ...words(["aes-128", "aes-192", "aes-256"], (name) => `esp-aes ${bits(name)}`),
    ...words(["aes-128-gcm", "aes-192-gcm", "aes-256-gcm"], (name) => `esp-gcm ${bits(name)}`),
  },
  espIntegrity: {
    "hmac-md5": "esp-md5-hmac",
    "hmac-sha1": "esp-sha-hmac",
    ...words(HASHES, (name) => `esp-sha${bits(name)}-hmac`),
  },
  espGroup: { ...groups(NUMBERS, (one) => `group${one}`), ...NO_PFS },
};

export const ciscoIos: Device = {
  title: "Cisco IOS and IOS XE",
  words: {
    1: {
      ikeEncryption: {
        "3des": "3des",
        ...words(["aes-128", "aes-192", "aes-256"], (name) => `aes ${bits(name)}`),
      },
      ikeIntegrity: v1Hashes,
      ikePrf: v1Hashes,
      ikeGroup: number,
      ...esp,
    },
    2: {
      ikeEncryption: {
        "3des": "3des",
        ...words(["aes-128", "aes-192", "aes-256"], (name) => `aes-cbc-${bits(name)}`),
        ...words(["aes-128-gcm", "aes-256-gcm"], (name) => `aes-gcm-${bits(name)}`),
      },
      ikeIntegrity: v2Hashes,
      ikePrf: v2Hashes,
      ikeGroup: number,
      ...esp,
    },
  },
  ownPrf: true,
  phase1Lifetime: [120, 86400],
  phase2Lifetime: [120, 86400],
  ipv6: false,
  kinds: ["policy", "route"],
  traffic: true,
  selectors: { 2: 1 },
  esn: false,
  // `self-identity fqdn` of an ISAKMP profile is the router's own name, not one to choose.
  ownId: { 1: "address or user@host", 2: "any" },
  knowsByAddress: false,
};
