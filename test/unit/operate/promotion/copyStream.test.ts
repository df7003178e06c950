import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { CopyFailed } from "../../../../hypervisor/copy/failure";
import {
  countOf,
  diskHash,
  isSame,
  PIECE,
  type Piece,
  pieceOf,
  runsOf,
} from "../../../../hypervisor/copy/pieces";
import { send, wipe } from "../../../../hypervisor/copy/stream";
import { type Reachable, survey, surveyUse } from "../../../../hypervisor/copy/survey";

const { signal } = new AbortController();
const SIZE = 20 * PIECE + 12_288;
let place: string;

beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "gateway-stream-"));
});
afterEach(() => {
  rmSync(place, { recursive: true });
});

/** A disk that holds something in these pieces, at a hypervisor that is this machine. */
function disk(name: string, used: readonly number[], zstd = false, size = SIZE): Reachable {
  const path = join(place, name);
  const bytes = Buffer.alloc(size);
  for (const index of used) randomBytes(700).copy(bytes, index * PIECE + 5000);
  writeFileSync(path, bytes);
  return { shell: ["sh", "-c"], path, zstd };
}

const bytesOf = ({ path }: Reachable): Buffer => readFileSync(path);

function piecesOf(one: Reachable): Piece[] {
  const bytes = bytesOf(one);
  return Array.from({ length: countOf(bytes.length) }, (_, n) =>
    pieceOf(bytes.subarray(n * PIECE, (n + 1) * PIECE)),
  );
}

test("pieces are found where the disk is: the last one is smaller", async () => {
  const one = disk("one", [0, 3, 4, 19, 20]);
  const reports: number[] = [];
  const found = await survey(one, SIZE, { signal, progress: (done) => reports.push(done) });
  expect(found).toEqual(piecesOf(one));
  expect(reports.at(-1)).toBe(SIZE);
  expect(await surveyUse(one, SIZE, { signal })).toEqual(
    piecesOf(one).map((piece) => (piece === "zeros" ? "zeros" : "used")),
  );
  const runs = runsOf([3, 5, 6, 20]);
  const all = piecesOf(one);
  expect(await survey(one, SIZE, { signal, runs })).toEqual([all[3], all[5], all[6], all[20]]);
});

test("a disk that cannot be read is not found to be empty", async () => {
  expect(
    await survey({ ...disk("one", []), path: "/nonexistent" }, SIZE, { signal }),
  ).toBeUndefined();
  const short = disk("short", [1], false, 3 * PIECE);
  expect(await survey(short, SIZE, { signal })).toBeUndefined();
});

test.each([true, false])(
  "what differs is sent, packed (zstd: %s), and nothing else changes",
  async (zstd) => {
    const [from, to] = [disk("from", [0, 1, 7, 20], zstd), disk("to", [2, 5, 7, 9], zstd)];
    const before = bytesOf(to);
    let pieces = 0;
    const line = { from, to, signal, progress: (count: number) => (pieces += count) };
    const crossed = await send(runsOf([1, 7, 20]), line);
    await wipe(runsOf([2, 5, 9]), SIZE, { to, signal });
    expect(pieces).toBe(3);
    expect(crossed).toBeGreaterThan(3 * 700);
    expect(crossed).toBeLessThan(PIECE / 10);
    // Piece 0 was not asked for.
    const wanted = Buffer.concat([before.subarray(0, PIECE), bytesOf(from).subarray(PIECE)]);
    expect(bytesOf(to).equals(wanted)).toBe(true);
  },
);

test("zeros do not make the disk longer than it is", async () => {
  const to = disk("to", [19, 20]);
  await wipe([{ first: 19, count: 2 }], SIZE, { to, signal });
  expect(statSync(to.path).size).toBe(SIZE);
  expect(piecesOf(to).every((piece) => piece === "zeros")).toBe(true);
});

test("an end that fails is named, with what it said", async () => {
  const [from, to] = [disk("from", [1]), disk("to", [])];
  const nowhere = { ...to, path: join(place, "absent", "disk") };
  await expect(send([{ first: 1, count: 1 }], { from, to: nowhere, signal })).rejects.toThrow(
    /the one it goes to: .*absent.*run again/s,
  );
  const cut: Reachable = { ...from, shell: ["sh", "-c", "echo connection reset >&2; exit 255; "] };
  await expect(send([{ first: 1, count: 1 }], { from: cut, to, signal })).rejects.toThrow(
    CopyFailed,
  );
  await expect(send([{ first: 1, count: 1 }], { from: cut, to, signal })).rejects.toThrow(
    /the hypervisor it comes from: connection reset/,
  );
});

test("a disk's hash is the one that its documentation says how to get by hand", () => {
  const one = disk("one", [0, 3, 20]);
  const { stdout } = spawnSync(
    "sh",
    ["-c", "split -b 4M --filter=sha256sum $D | cut -c-64 | sha256sum"],
    { env: { ...process.env, D: one.path }, encoding: "utf8" },
  );
  expect(stdout.slice(0, 64)).toBe(diskHash(piecesOf(one), SIZE));
  truncateSync(one.path, SIZE - 4096);
  expect(diskHash(piecesOf(one), SIZE - 4096)).not.toBe(stdout.slice(0, 64));
});

test("runs hold each index once, in order, and are as few as can be", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(40)), (some) => {
      const indices = [...some].sort((a, b) => a - b);
      const runs = runsOf(indices);
      expect(
        runs.flatMap(({ first, count }) => Array.from({ length: count }, (_, n) => first + n)),
      ).toEqual(indices);
      runs.slice(1).forEach((run, n) => {
        const before = runs[n] ?? run;
        expect(before.first + before.count).toBeLessThan(run.first);
      });
    }),
  );
});

test("nothing is the same as what was not found", () => {
  expect(isSame(undefined, undefined)).toBe(false);
  expect(isSame("zeros", "zeros")).toBe(true);
  expect(isSame({ sha256: "a" }, "zeros")).toBe(false);
  expect(isSame({ sha256: "a" }, { sha256: "a" })).toBe(true);
});
