import { type Device, groups, NO_PFS, words } from "./device";

const HASHES = ["hmac-sha2-256", "hmac-sha2-384", "hmac-sha2-512"];
const bits = (name: string) => /\d{3}/.exec(name)?.[0] ?? "";
const sized = (name: string) => (bits(name) === "128" ? "" : `-${bits(name)}`);

const AES = ["aes-128", "aes-192", "aes-256"];
const v1Hashes = { "hmac-md5": "md5", "hmac-sha1": "sha" };
const v2Hashes = {
  "hmac-md5": "md5",
  "hmac-sha1": "sha",
  ...words(HASHES, (name) => `sha${bits(name)}`),
};
const V1_GROUPS = [2, 5, 14];
const V2_GROUPS = [14, 15, 16, 19, 20, 21, 31];
const pfs = (number: number) => `group${number}`;

/** IKEv1 of the ASA stayed as it was: no SHA-2 in phase 1 and no GCM. */
export const ciscoAsa: Device = {
  title: "Cisco ASA",
  words: {
    1: {
      ikeEncryption: { "3des": "3des", ...words(AES, (name) => `aes${sized(name)}`) },
      ikeIntegrity: v1Hashes,
      ikePrf: v1Hashes,
      ikeGroup: groups(V1_GROUPS, String),
      espEncryption: { "3des": "esp-3des", ...words(AES, (name) => `esp-aes${sized(name)}`) },
      espIntegrity: { "hmac-md5": "esp-md5-hmac", "hmac-sha1": "esp-sha-hmac" },
      espGroup: { ...groups(V1_GROUPS, pfs), ...NO_PFS },
    },
    2: {
      ikeEncryption: {
        "3des": "3des",
        ...words(AES, (name) => `aes${sized(name)}`),
        ...words(["aes-128-gcm", "aes-256-gcm"], (name) => `aes-gcm${sized(name)}`),
      },
      ikeIntegrity: v2Hashes,
      ikePrf: v2Hashes,
      ikeGroup: groups(V2_GROUPS, String),
      espEncryption: {
        "3des": "3des",
        ...words(AES, (name) => `aes${sized(name)}`),
        ...words(["aes-128-gcm", "aes-192-gcm", "aes-256-gcm"], (name) => `aes-gcm${sized(name)}`),
      },
      espIntegrity: {
        "hmac-md5": "md5",
        "hmac-sha1": "sha-1",
        ...words(HASHES, (name) => `sha-${bits(name)}`),
      },
      espGroup: { ...groups(V2_GROUPS, pfs), ...NO_PFS },
    },
  },
  ownPrf: true,
  phase1Lifetime: [120, 2147483647],
  phase2Lifetime: [120, 214783647],
  ipv6: true,
  kinds: ["policy", "route"],
  traffic: true,
  selectors: { 2: 1 },
  esn: false,
  // `crypto isakmp identity` is one for the whole device, and a tunnel group is an address.
  ownId: { 1: "address", 2: "address" },
  knowsByAddress: true,
};
