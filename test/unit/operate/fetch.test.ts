import { document } from "../support/documents";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { needSpace } from "../../../operate/media/partial";
import { until } from "../support/until";
import { gateway, killGroup, startGateway } from "./support/gateway";
import {
  describeWithMediaTools,
  makeInstallCd,
  makeSigner,
  type Signer,
} from "./support/installCd";
import { startMirror, type Behaviour, type Mirror } from "./support/mirror";

const ISO = "7.9/amd64/install79.iso";
const LIST = "7.9/amd64/SHA256.sig";

describeWithMediaTools("iso fetch", () => {
  let origin: string;
  let work: string;
  let signer: Signer;
  let iso: Buffer;
  let list: Buffer;
  const mirrors: Mirror[] = [];

  beforeAll(() => {
    origin = mkdtempSync(join(tmpdir(), "origin-"));
    iso = readFileSync(makeInstallCd(origin));
    signer = makeSigner(origin, "lab");
    list = readFileSync(signer.sign(origin, ["install79.iso"]));
  });
  afterAll(() => {
    rmSync(origin, { recursive: true });
  });
  beforeEach(() => {
    work = mkdtempSync(join(tmpdir(), "fetch-"));
  });
  afterEach(async () => {
    await Promise.all(mirrors.splice(0).map((mirror) => mirror.close()));
    rmSync(work, { recursive: true });
  });

  const mirror = async (behaviour: Partial<Behaviour> = {}) => {
    const started = await startMirror({ files: { [ISO]: iso, [LIST]: list }, ...behaviour });
    mirrors.push(started);
    return started;
  };
  const argv = (...from: readonly Mirror[]) => [
    ...["iso", "fetch", "--release", "7.9", "--key", signer.publicKey, "--json"],
    ...["--cache", join(work, "cache"), ...from.flatMap(({ url }) => ["--mirror", url])],
  ];
  const fetched = async (...from: readonly Mirror[]) => {
    const { status, out, err } = await gateway(argv(...from));
    expect({ status, err }).toMatchObject({ status: 0 });
    return document("iso-fetch", out) as {
      iso: string;
      cached: boolean;
      key: string;
      sha256: string;
    };
  };
  /** Every file of the cache, without the directories and the list. */
  const cachedFiles = () =>
    (readdirSync(join(work, "cache"), { recursive: true }) as string[])
      .map((path) => path.split("/").at(-1) ?? "")
      .filter((name) => /\.(iso|partial)$/.test(name));

  test("gives a verified ISO, says whose key it was, and asks only once", async () => {
    const from = await mirror();
    const first = await fetched(from);
    expect(readFileSync(first.iso).equals(iso)).toBe(true);
    expect(first).toMatchObject({ cached: false, key: "config", release: "7.9" });
    expect(first.iso).toContain(first.sha256);
    expect(from.requests).toEqual([`/pub/OpenBSD/${LIST}`, `/pub/OpenBSD/${ISO}`]);

    expect(await fetched(from)).toEqual({ ...first, cached: true });
    expect(from.requests).toHaveLength(2);
  });

  test("replaces a cached ISO that was damaged since", async () => {
    const from = await mirror();
    const { iso: path } = await fetched(from);
    writeFileSync(path, iso.subarray(0, 5000));
    expect(await fetched(from)).toMatchObject({ iso: path, cached: false });
    expect(readFileSync(path).equals(iso)).toBe(true);
  });

  test("falls back to the next mirror, and goes on there where the first one stopped", async () => {
    const empty = await mirror({ files: {} });
    const broken = await mirror({ cutAfter: 100_000 });
    const good = await mirror();
    const { iso: path } = await fetched(empty, broken, good);
    expect(readFileSync(path).equals(iso)).toBe(true);
    const [range] = good.requests;
    expect(range).toMatch(/install79\.iso bytes=[1-9]\d*-$/);
  });

  test("a mirror that ignores ranges does no harm", async () => {
    const { iso: path } = await fetched(
      await mirror({ cutAfter: 100_000 }),
      await mirror({ ignoreRange: true }),
    );
    expect(readFileSync(path).equals(iso)).toBe(true);
  });

  test("a killed download goes on in the next run", async () => {
    const hanging = await mirror({ hangAfter: 300_000 });
    const { child, done } = startGateway(argv(hanging));
    await until(
      () =>
        existsSync(join(work, "cache")) && cachedFiles().length === 1 && sizeOfPartial() >= 200_000,
    );
    killGroup(child);
    await done;
    expect(cachedFiles()).toEqual([expect.stringMatching(/\.partial$/)]);

    const good = await mirror();
    const { iso: path } = await fetched(good);
    expect(readFileSync(path).equals(iso)).toBe(true);
    expect(good.requests).toEqual([expect.stringMatching(/iso bytes=[1-9]\d*-$/)]);
    expect(cachedFiles()).toEqual(["install79.iso"]);
  });

  test("an interrupted download ends with 130 and can go on", async () => {
    const { child, done } = startGateway(argv(await mirror({ hangAfter: 300_000 })));
    await until(
      () =>
        existsSync(join(work, "cache")) && cachedFiles().length === 1 && sizeOfPartial() >= 200_000,
    );
    child.kill("SIGINT");
    expect(await done).toMatchObject({ status: 130, out: "" });
    expect(cachedFiles()).toEqual([expect.stringMatching(/\.partial$/)]);
  });

  test("cut short everywhere: refused, with what came kept under no finished name", async () => {
    const { status, out, err } = await gateway(argv(await mirror({ cutAfter: 100_000 })));
    expect([status, out]).toEqual([1, ""]);
    expect(err).toMatch(/install79\.iso of OpenBSD 7\.9: no mirror gave it: http.*: .*--mirror/);
    expect(err).not.toMatch(/\n\s+at /);
    expect(cachedFiles()).not.toContain("install79.iso");
  });

  test("an altered ISO is refused and nothing of it stays; the next mirror is asked", async () => {
    const altered = Buffer.from(iso);
    altered[400_000] = 0xff;
    const evil = await mirror({ files: { [ISO]: altered, [LIST]: list } });
    const { status, err } = await gateway(argv(evil));
    expect(status).toBe(1);
    expect(err).toMatch(/install79\.iso: not signed with the key .*lab\.pub/);
    expect(cachedFiles()).toEqual([]);

    const { iso: path } = await fetched(evil, await mirror());
    expect(readFileSync(path).equals(iso)).toBe(true);
  });

  test("a list that another key signed is refused before anything is downloaded", async () => {
    mkdirSync(join(work, "other"));
    writeFileSync(join(work, "other/install79.iso"), iso);
    const other = makeSigner(work, "other-key").sign(join(work, "other"), ["install79.iso"]);
    const from = await mirror({ files: { [ISO]: iso, [LIST]: readFileSync(other) } });
    const { status, err } = await gateway(argv(from));
    expect(status).toBe(1);
    expect(err).toMatch(
      /SHA256\.sig of OpenBSD 7\.9: no mirror gave it: .*not signed with the key/,
    );
    expect(from.requests).toEqual([`/pub/OpenBSD/${LIST}`]);
  });

  test("without --key only OpenBSD's own key counts", async () => {
    const { url } = await mirror();
    const cache = join(work, "cache");
    const { status, err } = await gateway([
      ...["iso", "fetch", "--release", "7.9", "--cache", cache, "--mirror", url],
    ]);
    expect(status).toBe(1);
    expect(err).toContain("not signed with OpenBSD 7.9's base key");
    expect(err).not.toContain("warning");
  });

  test("a release that may not be out yet says so when no mirror has it", async () => {
    const { url } = await mirror({ files: {} });
    const cache = join(work, "cache");
    const { status, err } = await gateway([
      ...["iso", "fetch", "--release", "8.0", "--cache", cache, "--mirror", url],
    ]);
    expect(status).toBe(1);
    expect(err).toContain("HTTP 404");
    expect(err).toContain("it may not be released yet");
  });

  function sizeOfPartial(): number {
    const found = (readdirSync(join(work, "cache"), { recursive: true }) as string[]).find((path) =>
      path.endsWith(".partial"),
    );
    return found === undefined ? 0 : readFileSync(join(work, "cache", found)).length;
  }
});

test("needs the room before it starts", async () => {
  await expect(needSpace(tmpdir(), 2 ** 60)).rejects.toThrow(
    /^\/.*: needs 1099511627776\.0 MiB, has \d+\.\d MiB free: make room/,
  );
});
