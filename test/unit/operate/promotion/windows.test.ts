import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { shellAt } from "../../../../hypervisor/copy/shell";
import { recognisableUuid } from "../../../../operate/promotion/copy/uuid";
import { runs, usedOf } from "../../../../hypervisor/copy/windows";

const GRAIN = 64 * 1024;

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

describe("what a hypervisor's disks are read with", () => {
  const { XDG_STATE_HOME: before } = process.env;
  const state = mkdtempSync(join(tmpdir(), "windows-"));

  beforeAll(() => {
    process.env.XDG_STATE_HOME = state;
  });

  afterAll(() => {
    if (before === undefined) delete process.env.XDG_STATE_HOME;
    else process.env.XDG_STATE_HOME = before;
    rmSync(state, { recursive: true });
  });

  test.each([
    ["qemu+ssh://hv1/system", ["--", "hv1"], ""],
    [
      "qemu+ssh://root@hv1:2222/system?keyfile=/k&knownhosts=/h",
      ["IdentityFile=/k", "-p", "2222", "--", "root@hv1"],
      "/h",
    ],
  ])("is for %s a program that insists on a known host key", (uri, words, known) => {
    const shell = shellAt(uri);
    expect(shell).toEqual(expect.arrayContaining(words));
    const program = shell?.[0] ?? "";
    expect(readFileSync(program, "utf8")).toContain("StrictHostKeyChecking=yes");
    expect(readFileSync(join(dirname(program), "known"), "utf8")).toBe(`${known}\n`);
  });

  test("is a shell of this machine, or nothing that a shell gets to", () => {
    expect(shellAt("qemu:///system")).toEqual(expect.arrayContaining(["sh", "-c"]));
    expect(shellAt("qemu+unix:///system?socket=/x")).toBeUndefined();
  });
});
