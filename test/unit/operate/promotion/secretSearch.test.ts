import { generateKeyPairSync, randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import { Refusal } from "../../../../operate/command";
import { SecretSearch } from "../../../../operate/promotion/copy/secrets";
import { usedOf, type Window } from "../../../../hypervisor/copy/windows";

const GRAIN = 64 * 1024;
const PSK = "vK3c9m2QpT7xWz4Lr8Ns6Yb1Hd5Fg0Ja";
const hex = (text: string): string => Buffer.from(text).toString("hex");

function windowOf(offset: number, bytes: Buffer): Window {
  return { offset, bytes, used: usedOf(bytes) };
}

/** Pieces of `size` bytes of a disk that holds the texts at their places. */
function disk(size: number, count: number, texts: Record<number, string | Buffer>): Window[] {
  const bytes = Buffer.alloc(size * count);
  for (const [at, text] of Object.entries(texts))
    Buffer.from(text as string).copy(bytes, Number(at));
  return Array.from({ length: count }, (_, n) =>
    windowOf(n * size, bytes.subarray(n * size, (n + 1) * size)),
  );
}

function look(windows: readonly Window[], values: readonly string[] = [PSK]): void {
  const search = new SecretSearch(values);
  for (const window of windows) search.feed(window);
}

describe("a sealed disk", () => {
  const pem = (kind: string) => `-----BEGIN ${kind}-----\n${"MHcCAQEEIB".repeat(7)}\n`;

  test.each([
    ["a preshared key", ` ${PSK} `, /a preshared key of the first gateway, at byte 200001/],
    ["an SSH key", pem("OPENSSH PRIVATE KEY"), /a private key/],
    ["iked's key", pem("EC PRIVATE KEY"), /a private key/],
    ["a PKCS#8 key", pem("PRIVATE KEY"), /a private key/],
    ["an earlier preshared key", `psk "earlier${PSK}"`, /a preshared key in a configuration/],
    ["the same in Latin capitals of hex", hex(PSK).toUpperCase(), /an encoded preshared key/],
    ["a preshared key in hex", hex(PSK), /an encoded preshared key/],
    ["a key in hex", hex(pem("EC PRIVATE KEY")), /an encoded private key/],
    ["a signify key", `RWRCSwAAACpB${"c2lnbmlmeS".repeat(14)}\n`, /a signify secret key/],
  ])("does not pass with %s, and the message does not tell it", (_, text, says) => {
    const windows = disk(4 * GRAIN, 2, { 200_000: text });
    expect(() => {
      look(windows);
    }).toThrow(says);
    try {
      look(windows);
    } catch (error) {
      expect(error).toBeInstanceOf(Refusal);
      expect(String(error)).not.toContain(PSK);
    }
  });

  test.each([0, 1, 2])(
    "nor with base64 that begins %i bytes before it, on one line or two",
    (n) => {
      const text = Buffer.from(`${"x".repeat(n)}${PSK}xx`).toString("base64");
      for (let cut = 0; cut <= text.length; cut += 5) {
        expect(() => {
          look(disk(4 * GRAIN, 2, { 200_000: `${text.slice(0, cut)}\n${text.slice(cut)}` }));
        }).toThrow(/an encoded preshared key/);
      }
      expect(() => {
        look(
          disk(4 * GRAIN, 2, {
            9: Buffer.from("x".repeat(n) + pem("PRIVATE KEY")).toString("base64"),
          }),
        );
      }).toThrow(/an encoded private key/);
    },
  );

  const der = (type: "rsa" | "ec" | "ed25519", format: "pkcs1" | "sec1" | "pkcs8"): Buffer => {
    const keys = {
      rsa: () => generateKeyPairSync("rsa", { modulusLength: 2048 }),
      ec: () => generateKeyPairSync("ec", { namedCurve: "secp384r1" }),
      ed25519: () => generateKeyPairSync("ed25519"),
    }[type]();
    return keys.privateKey.export({ format: "der", type: format as "pkcs8" });
  };
  test.each([
    ["rsa", "pkcs1"],
    ["rsa", "pkcs8"],
    ["ec", "sec1"],
    ["ec", "pkcs8"],
    ["ed25519", "pkcs8"],
  ] as const)("nor with a key of %s in DER, %s", (type, format) => {
    expect(() => {
      look(disk(4 * GRAIN, 2, { 200_001: der(type, format) }));
    }).toThrow(/a private key in DER of/);
  });

  test("nor with a binary key of OpenSSH", () => {
    const key = Buffer.concat([
      Buffer.from("openssh-key-v1\0"),
      Buffer.from([0, 0, 0, 4]),
      Buffer.from("none"),
      Buffer.from([0, 0, 0, 4]),
    ]);
    expect(() => {
      look(disk(4 * GRAIN, 2, { 7: key }));
    }).toThrow(/a private key of OpenSSH/);
  });

  test("nor with what gzip made of one, also when another file goes on behind its first half", () => {
    const noise = randomBytes(40_000).toString("hex");
    const log = gzipSync(`${noise}psk "${PSK}"\n${noise}`);
    for (const [file, at] of [
      [log, 100_000],
      [log.subarray(0, log.length * 0.75), 100_000],
      [log, 4 * GRAIN - 50],
    ] as const) {
      const windows = disk(4 * GRAIN, 2, { [at]: file, [at + file.length]: "something else" });
      expect(() => {
        look(windows);
      }).toThrow(/in a compressed file, at byte/);
    }
  });

  test("is looked at across the border of two pieces", () => {
    for (const before of [1, 10, PSK.length - 1]) {
      expect(() => {
        look(disk(2 * GRAIN, 3, { [2 * GRAIN - before]: PSK }));
      }).toThrow(/a preshared key/);
    }
  });

  test("passes with programs that know a key's first line, and with public keys", () => {
    const program = "-----BEGIN OPENSSH PRIVATE KEY-----\n\0-----END OPENSSH PRIVATE KEY-----\n\0";
    look(disk(2 * GRAIN, 2, { 5: program, 70_000: pem("PUBLIC KEY"), 90_000: "ssh-ed25519 AAAA" }));
  });

  test("passes with public keys in DER, OpenBSD's examples, and what does not unfold", () => {
    const { publicKey } = generateKeyPairSync("ec", { namedCurve: "secp384r1" });
    const bomb = gzipSync(Buffer.alloc(100 * 1024 ** 2));
    look(
      disk(16 * GRAIN, 2, {
        5: publicKey.export({ format: "der", type: "spki" }),
        1000: '#\tpsk "tyBNv13zuo3rg1WVXlaI1g1tTYNzwk962mMUYIvaLh2x8vvvyA-replace-me"',
        2000: "openssh-key-v1\0%s: bad",
        // openssl(1) measures its speed with them (speed.c).
        2100: Buffer.from("3082025c02010002818100dc9843e83d435be405cdd0a93e", "hex"),
        2200: Buffer.from("308204a30201000282010100c0c0ce3e3c53673f4fc52fa4", "hex"),
        2300: Buffer.from("308209290201000282020100c071ac1a138882433b515771", "hex"),
        3000: Buffer.from("1f8b0800000000000003ffffffff", "hex"),
        70_000: bomb,
      }),
    );
  });
});
