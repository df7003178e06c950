import { createPublicKey, generateKeyPairSync } from "node:crypto";
import fc from "fast-check";
import { daemonKeyProblem, publicKeyOf, readPublicKey } from "../../../config/publicKey";
import { ED25519, P256, P384, P521, RSA_1024, RSA_2048, SECP256K1 } from "../support/publicKeys";

it.each([
  [RSA_2048, "RSA", 2048],
  [P256, "ECDSA", 256],
  [P384, "ECDSA", 384],
  [P521, "ECDSA", 521],
])("reads what openssl writes: %#", (text, kind, bits) => {
  expect(readPublicKey(text)).toEqual({ kind, bits, pem: text });
});

it("reads the bits of keys of odd sizes", () => {
  const pem = (modulusLength: number) =>
    generateKeyPairSync("rsa", { modulusLength }).publicKey.export({ type: "spki", format: "pem" });
  expect(readPublicKey(String(pem(2056)))).toMatchObject({ kind: "RSA", bits: 2056 });
});

it.each([
  [8192, { kind: "RSA", bits: 8192 }],
  [8200, { message: "is an RSA key of 8200 bits" }],
])("knows the longest RSA key: %d bits", (bits, read) => {
  const n = Buffer.alloc(bits / 8, 0xff).toString("base64url");
  const key = createPublicKey({ key: { kty: "RSA", n, e: "AQAB" }, format: "jwk" });
  expect(readPublicKey(String(key.export({ type: "spki", format: "pem" })))).toMatchObject(read);
});

it("brings other line lengths and line ends into one form", () => {
  const loose = `\n  ${P256.replaceAll("\n", "\r\n").replace("MFkw", "MF\r\n  kw")}\n\n`;
  expect(publicKeyOf(loose).pem).toBe(P256);
});

it.each<[string, string, RegExp, RegExp]>([
  ["a private key", P256.replaceAll("PUBLIC", "EC PRIVATE"), /is a private key/, /make a new one/],
  ["PKCS#1", RSA_2048.replaceAll("PUBLIC", "RSA PUBLIC"), /PKCS#1/, /RSAPublicKey_in/],
  ["a certificate", P256.replaceAll("PUBLIC KEY", "CERTIFICATE"), /certificate/, /x509/],
  ["OpenSSH", "ssh-rsa AAAAB3Nza you", /OpenSSH/, /ssh-keygen -e -m PKCS8/],
  ["something else", "hello", /not a public key in PEM/, /openssl pkey/],
  ["a short RSA key", RSA_1024, /RSA key of 1024 bits/, /2048 to 8192/],
  ["another curve", SECP256K1, /another curve/, /one of these/],
  ["Ed25519", ED25519, /neither RSA nor ECDSA/, /one of these/],
  ["a key that is cut", P256.replace("H5TWNJ6xGFR/", ""), /cut or damaged/, /openssl pkey/],
  ["two keys", P256 + P384, /not a public key in PEM/, /openssl pkey/],
])("turns down %s, with what to write", (_, text, message, fix) => {
  expect(readPublicKey(text)).toEqual({
    message: expect.stringMatching(message) as string,
    fix: expect.stringMatching(fix) as string,
  });
  expect(() => publicKeyOf(text)).toThrow(RangeError);
});

it("never quotes what it turns down, and throws for nothing", () => {
  fc.assert(
    fc.property(fc.base64String({ minLength: 8, maxLength: 400 }), (body) => {
      const read = readPublicKey(`-----BEGIN PUBLIC KEY-----\n${body}\n-----END PUBLIC KEY-----\n`);
      expect("message" in read && `${read.message}: ${read.fix}`).not.toContain(body);
    }),
  );
});

it("knows that isakmpd signs with RSA only", () => {
  expect(daemonKeyProblem("isakmpd", publicKeyOf(P256))?.message).toBe("isakmpd has no ECDSA keys");
  expect(daemonKeyProblem("isakmpd", publicKeyOf(RSA_2048))).toBeUndefined();
  expect(daemonKeyProblem("iked", publicKeyOf(P521))).toBeUndefined();
});
