/** What others have and neither daemon of OpenBSD knows, in any spelling of otherNames.ts's form. */
export const ABSENT: readonly (readonly [form: RegExp, what: string])[] = [
  [/camellia/, "Camellia"],
  [/ccm/, "AES-CCM"],
  [/xcbc|aescmac|aes-cmac/, "an AES MAC"],
  [/sha-?3/, "SHA-3"],
  [/twofish|serpent|seed|idea|rc5|gost/, "that cipher"],
  [/tiger|ripemd-?256/, "that hash"],
  [/^(?:dh-?)?(?:group-?|grp-?|pfs|dhgroup)?(?:22|23|24)$|s160|s224|s256/, "a group of RFC 5114"],
  [/curve448|x448|^(?:dh-?)?(?:group-?|grp-?|pfs|dhgroup)?32$/, "curve448"],
  [/ml-?kem|kyber/, "ML-KEM"],
];
