import fc from "fast-check";
import { Refusal } from "../../../../operate/command";
import { SecretSearch } from "../../../../operate/promotion/copy/secrets";
import { shellAt } from "../../../../operate/promotion/copy/shell";
import { recognisableUuid } from "../../../../operate/promotion/copy/uuid";
import { runs, usedOf, type Window } from "../../../../operate/promotion/copy/windows";

const GRAIN = 64 * 1024;
const PSK = "vK3c9m2QpT7xWz4Lr8Ns6Yb1Hd5Fg0Ja";

function windowOf(offset: number, bytes: Buffer): Window {
  return { offset, bytes, used: usedOf(bytes) };
}

/** Pieces of `size` bytes of a disk that holds the texts at their places. */
function disk(size: number, count: number, texts: Record<number, string>): Window[] {
  const bytes = Buffer.alloc(size * count);
  for (const [at, text] of Object.entries(texts)) bytes.write(text, Number(at));
  return Array.from({ length: count }, (_, n) =>
    windowOf(n * size, bytes.subarray(n * size, (n + 1) * size)),
  );
}

function look(windows: readonly Window[], values: readonly string[] = [PSK]): void {
  const search = new SecretSearch(values);
  for (const window of windows) search.feed(window);
}

test("what is not zero is found, whole grains of it and no other", () => {
  fc.assert(
    fc.property(
      fc.array(fc.boolean(), { minLength: 1, maxLength: 12 }),
      fc.nat(GRAIN - 1),
      (grains, at) => {
        const bytes = Buffer.alloc(grains.length * GRAIN - at);
        grains.forEach((holds, n) => holds && bytes.fill(1, n * GRAIN, n * GRAIN + 1));
        const copy = Buffer.alloc(bytes.length);
        let end = -1;
        for (const [from, to] of runs(bytes)) {
          expect(from).toBeGreaterThan(end);
          bytes.copy(copy, from, from, to);
          end = to;
        }
        expect(copy.equals(bytes)).toBe(true);
        expect(usedOf(bytes) > 0).toBe(grains.includes(true));
      },
    ),
    { numRuns: 50 },
  );
});

describe("a sealed disk", () => {
  const pem = (kind: string) => `-----BEGIN ${kind}-----\n${"MHcCAQEEIB".repeat(7)}\n`;

  test.each([
    ["a preshared key", `psk "${PSK}"`, /a preshared key of the first gateway, at byte 200005/],
    ["an SSH key", pem("OPENSSH PRIVATE KEY"), /a private key/],
    ["iked's key", pem("EC PRIVATE KEY"), /a private key/],
    ["a PKCS#8 key", pem("PRIVATE KEY"), /a private key/],
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
});

test("a UUID reads the same in either byte order, and no two are one", () => {
  const swapped = (part: string) => (part.match(/../g) ?? []).reverse().join("");
  const seen = new Set<string>();
  for (let n = 0; n < 50; n++) {
    const uuid = recognisableUuid();
    expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    for (const part of uuid.split("-").slice(0, 3)) expect(swapped(part)).toBe(part);
    seen.add(uuid);
  }
  expect(seen.size).toBe(50);
});

test.each([
  ["qemu:///system", ["sh", "-c"]],
  ["qemu+ssh://hv1/system", ["hv1"]],
  [
    "qemu+ssh://root@hv1:2222/system?keyfile=/k&knownhosts=/h",
    ["-i", "/k", "-p", "2222", "root@hv1"],
  ],
  ["qemu+tls://hv1/system", undefined],
  ["qemu+unix:///system?socket=/x", undefined],
])("%s is looked at where it is, if a shell gets there", (uri, words) => {
  const shell = shellAt(uri);
  if (words === undefined) expect(shell).toBeUndefined();
  else expect(shell).toEqual(expect.arrayContaining(words));
});
