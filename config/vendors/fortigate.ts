import { type Device, groups, NO_PFS, words } from "./device";

const bits = (name: string) => /\d{3}/.exec(name)?.[0] ?? "";
const hashes = {
  ...{ "hmac-md5": "md5", "hmac-sha1": "sha1" },
  ...words(["hmac-sha2-256", "hmac-sha2-384", "hmac-sha2-512"], (name) => `sha${bits(name)}`),
};
const plain = {
  "3des": "3des",
  ...words(["aes-128", "aes-192", "aes-256"], (name) => `aes${bits(name)}`),
};
const aead = {
  ...words(["aes-128-gcm", "aes-256-gcm"], (name) => `aes${bits(name)}gcm`),
  "chacha20-poly1305": "chacha20poly1305",
};
const number = groups([2, 5, 14, 15, 16, 17, 18, 19, 20, 21, 27, 28, 29, 30, 31], String);
const esp = {
  espEncryption: { ...plain, ...aead },
  espIntegrity: hashes,
  espGroup: { ...number, ...NO_PFS },
};

export const fortigate: Device = {
  title: "FortiGate",
  words: {
    1: {
      ikeEncryption: plain,
      ikeIntegrity: hashes,
      ikePrf: hashes,
      ikeGroup: number,
      ...esp,
    },
    2: {
      ikeEncryption: { ...plain, ...aead },
      ikeIntegrity: hashes,
      ikePrf: hashes,
      ikeGroup: number,
      ...esp,
    },
  },
  ownPrf: false,
  phase1Lifetime: [120, 172800],
  phase2Lifetime: [120, 172800],
  ipv6: true,
  kinds: ["policy", "route"],
  traffic: true,
  esn: false,
  ownId: { 1: "any", 2: "any" },
  knowsByAddress: false,
};
