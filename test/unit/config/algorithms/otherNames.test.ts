import {
  absentHere,
  declaredFor,
  indexOf,
  proposalIn,
} from "../../../../config/algorithms/otherNames";

it("a word with two meanings is found when the table is read", () => {
  const rows = [["aes-128", ["AES"]] as const, ["aes-256", ["aes"]] as const];
  expect(() => indexOf(rows)).toThrow("aes is a word for both aes-128 and aes-256");
});

it.each([
  ["encryption", "AES 256 CBC", "aes-256"],
  ["encryption", "aes256gcm16", "aes-256-gcm"],
  ["hash", "SHA", "hmac-sha1"],
  ["hash", "prfsha256", undefined],
  ["group", "Diffie-Hellman 14", undefined],
  ["group", "DH-Group-14", "modp2048"],
  // Azure's words for the groups that it also has other words for.
  ["group", "DHGroup14", "modp2048"],
  ["group", "DHGroup2", "modp1024"],
  ["group", "aes-256", undefined],
] as const)("%s %s", (kind, word, declared) => {
  expect(declaredFor(kind, word)).toBe(declared);
});

it.each([
  ...["aes-256", "aes-256-cbc", "modp2048", "aes256-modp2048-aes256", "sha256-aes256"],
  ...["aes256-modp2048-modp1024", "aes256-prfsha256-prfsha384"],
])("%s is no whole proposal", (word) => {
  expect(proposalIn(word)).toBeUndefined();
});

it("a whole proposal has each part once", () => {
  // With strongSwan's mark for "no other one".
  expect(proposalIn("aes256-sha256-prfsha384-modp2048!")).toEqual({
    encryption: "aes-256",
    integrity: "hmac-sha2-256",
    prf: "hmac-sha2-384",
    group: "modp2048",
  });
});

it("a group of RFC 5114 is known to be absent under each of its names", () => {
  for (const word of ["24", "group24", "DH Group 24", "modp2048s256", "PFS24"]) {
    expect(absentHere(word)).toBe("a group of RFC 5114");
  }
  expect(absentHere("group14")).toBeUndefined();
});
