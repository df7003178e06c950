import { randomBytes } from "node:crypto";
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Io } from "../../operate/command";
import { countOf, diskHash, PIECE, pieceOf } from "../../hypervisor/copy/pieces";
import { adopt } from "../../operate/promotion/copy/adopt";
import type { Disk } from "../../contract/libvirt";
import { copyDisk, incompleteCopyOf, markIncomplete } from "../../hypervisor/copy/disk";
import { kept } from "../../operate/promotion/copy/kept";
import type { Adopted } from "../../contract/adopt";
import { copyState, makeMedium, takenOver } from "../../operate/promotion/copy/receipt";

jest.setTimeout(180_000);

const MIB = 1024 ** 2;
/** Two whole pieces, and one that is not. */
const SIZE = 10 * MIB;
const FROM: Disk = { uri: "test:///from", pool: "vg0", volume: "gw-test-sealed" };
const TO: Disk = { uri: "test:///to?socket=/elsewhere", pool: "vg0", volume: "gw-prod-1" };
const IDENTITY = Buffer.alloc(10_240, 7);
const { PATH } = process.env;
const { signal } = new AbortController();

let folder: string;
let sha256: string;

const fileOf = ({ uri, pool, volume }: Disk): string =>
  join(folder, uri.replace(/\W+/g, "_"), pool, volume);
const hashOf = (disk: Disk): string => {
  const bytes = readFileSync(fileOf(disk));
  const pieces = Array.from({ length: countOf(SIZE) }, (_, n) =>
    pieceOf(bytes.subarray(n * PIECE, (n + 1) * PIECE)),
  );
  return diskHash(pieces, SIZE);
};

function make(disk: Disk, size: number, texts: Record<number, Buffer> = {}): void {
  mkdirSync(join(fileOf(disk), ".."), { recursive: true });
  writeFileSync(fileOf(disk), "");
  truncateSync(fileOf(disk), size);
  for (const [at, bytes] of Object.entries(texts)) put(disk, Number(at), bytes);
}

function put(disk: Disk, at: number, bytes: Buffer): void {
  const handle = openSync(fileOf(disk), "r+");
  writeSync(handle, bytes, 0, bytes.length, at);
  closeSync(handle);
}

const goesWrong = (fault: string): void => {
  writeFileSync(join(folder, "fault"), fault);
};
const copy = (expected = sha256) => copyDisk(FROM, TO, SIZE, { signal, sha256: expected });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gateway-copy-faults-"));
  symlinkSync(join(__dirname, "support/virshFiles.fake.sh"), join(folder, "virsh"));
  process.env.PATH = `${folder}:${PATH ?? ""}`;
  process.env.FAKE_VIRSH = folder;
  writeFileSync(join(folder, "free"), String(1024 * MIB));
  make(FROM, SIZE, { 0: randomBytes(9000), [9 * MIB]: randomBytes(MIB / 2) });
  sha256 = hashOf(FROM);
});

afterEach(() => {
  process.env.PATH = PATH;
  delete process.env.FAKE_VIRSH;
  rmSync(folder, { recursive: true });
});

describe("a copy of a disk", () => {
  it("is the source, byte for byte", async () => {
    make(TO, SIZE);
    expect(await copy()).toMatchObject({ sha256, bytes: SIZE, kept: 0 });
    expect(hashOf(TO)).toBe(sha256);
  });

  it.each([
    ["the network is cut", "cut 1", /the connection ended|client socket is closed/],
    ["the target is full", "full 1", /No space left on device/],
  ])("is marked and gone on with when %s", async (_, fault, message) => {
    make(TO, SIZE);
    goesWrong(fault);
    await expect(copy()).rejects.toThrow(message);
    expect(await incompleteCopyOf(TO, signal)).toBe(FROM.volume);
    await copy();
    expect(hashOf(TO)).toBe(sha256);
  });

  it.each([
    ["a piece", "flip 1"],
    ["the last one, which takes the mark away", "flip 2"],
  ])(
    "stays marked when %s arrives as something else, and the next run repairs it",
    async (_, fault) => {
      make(TO, SIZE);
      goesWrong(fault);
      await expect(copy()).rejects.toThrow(/what was written at byte \d+ is not what is read back/);
      expect(await incompleteCopyOf(TO, signal)).toBe(FROM.volume);
      await copy();
      expect(hashOf(TO)).toBe(sha256);
    },
  );

  it("stays marked when the source is not what was sealed", async () => {
    make(TO, SIZE);
    put(FROM, 9 * MIB, Buffer.from("changed on the way"));
    await expect(copy()).rejects.toThrow(/SHA-256 is \w+, not \w+: the source changed/);
    expect(await incompleteCopyOf(TO, signal)).toBe(FROM.volume);
    expect(hashOf(FROM)).not.toBe(sha256);
  });

  it("sends only what is missing when it goes on", async () => {
    make(TO, SIZE);
    goesWrong("flip 2");
    await expect(copy()).rejects.toThrow();
    const { moved, kept } = await copy();
    expect(kept).toBe(PIECE);
    // The piece with the boot loader is the mark until the end.
    expect(moved).toBe(64 * 1024);
  });
});

describe("a disk that is to become a gateway", () => {
  const io = { err: () => undefined, terminal: false, signal } as unknown as Io;
  const request = {
    ...{ from: FROM, to: TO, bytes: SIZE },
    machine: { domainType: "qemu" as const, memoryMiB: 256 },
    identity: {
      ...{ hostname: "gw", interface: "vio0", address: "dhcp", dns: [] },
      sshPublicKeys: ["ssh-ed25519 AAAA"],
    },
  };
  const adopted = (): Adopted => ({
    ...{ sha256, bytes: SIZE, moved: 1, kept: 0, hostKey: "ssh-ed25519 AAAA", volumeId: "id" },
    ...{ seconds: { copy: 1, identity: 1 }, transcript: "" },
  });

  /** As `adopt` does it, up to where it was killed. */
  async function begin(): Promise<{ finish: () => Promise<void> }> {
    const medium = await makeMedium(FROM, TO, IDENTITY);
    make(TO, SIZE);
    await copy();
    return { finish: () => medium.finish(adopted(), signal) };
  }

  it.each<[string, number | undefined, object, RegExp]>([
    [
      "is too small",
      undefined,
      { bytes: MIB },
      /0\.0 GiB are too small for gw-test-sealed: write machine\.diskGiB/,
    ],
    [
      "finds no room",
      undefined,
      { bytes: 4096 * MIB },
      /1\.0 GiB free, for the disk it takes 4\.0 GiB/,
    ],
    ["is another one's", SIZE, {}, /is in pool vg0 at \S+ already, and no unfinished copy/],
  ])("is refused when it %s, and nothing is touched", async (_, size, changes, message) => {
    if (size !== undefined) make(TO, size, { 0: Buffer.from("a gateway") });
    const before = size === undefined ? "" : hashOf(TO);
    await expect(adopt({ ...request, sha256, ...changes }, io)).rejects.toThrow(message);
    if (size === undefined) expect(() => hashOf(TO)).toThrow(/ENOENT/);
    else expect(hashOf(TO)).toBe(before);
    expect(() => hashOf({ ...TO, volume: "gw-prod-1-identity" })).toThrow(/ENOENT/);
  });

  it("is known as unfinished when the run was killed before the first mark", async () => {
    await makeMedium(FROM, TO, IDENTITY);
    make(TO, SIZE);
    expect(await copyState(TO, signal)).toEqual({ of: FROM.volume });
    // The space may have been an older copy's.
    await markIncomplete({ ...FROM, volume: "gw-test-older" }, TO, signal);
    expect(await copyState(TO, signal)).toEqual({ of: FROM.volume });
  });

  it("is known as unfinished when the run was killed after the copy and before its identity", async () => {
    await begin();
    expect(await incompleteCopyOf(TO, signal)).toBeUndefined();
    expect(await copyState(TO, signal)).toEqual({ of: FROM.volume });
    await expect(kept({ to: TO, hostKey: "k" }, signal)).rejects.toThrow(
      /is an unfinished copy of/,
    );
  });

  it("is taken as it is when the run was killed before anybody heard of it", async () => {
    const { finish } = await begin();
    put(TO, 4096, Buffer.from("an identity"));
    await finish();
    expect(await adopt({ ...request, sha256 }, io)).toEqual(adopted());
    // Of another sealed disk: no.
    await expect(adopt({ ...request, sha256: "0".repeat(64) }, io)).rejects.toThrow(/already/);
    await expect(kept({ to: TO, hostKey: "k" }, signal)).resolves.toMatchObject({ hostKey: "k" });
  });

  it("is a gateway's own once one has run from it", async () => {
    const { finish } = await begin();
    await finish();
    put(TO, 8192, Buffer.from("mounted"));
    expect(await copyState(TO, signal)).toBeUndefined();
    await expect(adopt({ ...request, sha256 }, io)).rejects.toThrow(
      /already, and no unfinished copy/,
    );
  });

  it("is a gateway's own while a machine has it, or nothing says otherwise", async () => {
    const { finish } = await begin();
    await finish();
    const machine = join(folder, TO.uri.replace(/\W+/g, "_"), "machine.xml");
    writeFileSync(machine, "<source pool='vg0' volume='gw-prod-1'/>");
    expect(await copyState(TO, signal)).toBeUndefined();
    rmSync(machine);
    expect(await copyState(TO, signal)).toMatchObject({ of: FROM.volume });
    await takenOver(TO);
    expect(await copyState(TO, signal)).toBeUndefined();
  });
});
