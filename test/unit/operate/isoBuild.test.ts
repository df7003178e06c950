import { document } from "../support/documents";
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { findRelease } from "../../../config/releases";
import { buildInstallCd } from "../../../operate/media/build";
import type { SigningKey } from "../../../operate/media/signature";
import { parseValues } from "../../../operate/media/values";
import { FakePrograms } from "../support/fakePrograms";
import { run } from "../support/tools";
import { until } from "../support/until";
import { gateway, killGroup, startGateway } from "./support/gateway";
import {
  describeWithMediaTools,
  makeInstallCd,
  makeSigner,
  type Signer,
} from "./support/installCd";

const KEY =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAdminAdminAdminAdminAdminAdminAdminAdmin admin@host";
const VALUES = {
  hostname: "gw",
  domain: "example.org",
  interfaces: [{ name: "vio0", address: "10.10.0.2/24" }],
  gateway: "10.10.0.1",
  sshPublicKeys: [KEY, KEY.replace("admin@host", "second")],
};

describeWithMediaTools("iso build", () => {
  let origin: string;
  let iso: string;
  let signer: Signer;
  let work: string;

  beforeAll(() => {
    origin = mkdtempSync(join(tmpdir(), "origin-"));
    iso = makeInstallCd(origin);
    signer = makeSigner(origin, "lab");
    signer.sign(origin, ["install79.iso"]);
  });
  afterAll(() => {
    rmSync(origin, { recursive: true });
  });
  beforeEach(() => {
    work = mkdtempSync(join(tmpdir(), "build-"));
    writeFileSync(join(work, "values.json"), JSON.stringify(VALUES));
  });
  afterEach(() => {
    rmSync(work, { recursive: true });
  });

  const argv = (output: string, ...more: readonly string[]) => [
    ...["iso", "build", "--release", "7.9", "--iso", iso, "--key", signer.publicKey, "--json"],
    ...["--values", join(work, "values.json"), "--output", join(work, output), ...more],
  ];
  const built = async (output: string, ...more: readonly string[]) => {
    const { status, out, err } = await gateway(argv(output, ...more));
    expect({ status, err }).toMatchObject({ status: 0 });
    return document("iso-build", out) as { file: string; built: boolean };
  };
  test("says what it uploaded to a pool", async () => {
    const fakes = new FakePrograms();
    fakes.answer("virsh", [
      ["vol-delete", "error: failed to get vol", 1],
      ["pool-refresh", ""],
      ["pool-info", `Available: ${1024 ** 4}\n`],
      ["vol-", ""],
    ]);
    try {
      const { out } = await gateway(
        argv("out", "--pool", "media", "--prefix", "gw", "--cache", join(work, "cache")),
      );
      expect(document("iso-build-pool", out)).toMatchObject({ cds: [{ pool: "media" }] });
    } finally {
      fakes.remove();
    }
  });

  /** A file of the image, by isoinfo: the names as OpenBSD's loader sees them, without Rock Ridge. */
  const extract = (image: string, path: string) =>
    execFileSync("isoinfo", ["-i", image, "-x", path], { maxBuffer: 2 ** 26 });
  const paths = (image: string) =>
    run("isoinfo", ["-f", "-i", image]).stdout.trimEnd().split("\n").sort();

  test("adds the files under the names the boot loader looks for, and keeps all others", async () => {
    const { file } = await built("out");
    const added = ["/AUTO_INSTALL.CONF", "/DISKLABEL.TEMPLATE", "/ETC/RANDOM.SEED"];
    expect(paths(file)).toEqual([...paths(iso), ...added, "/7.9/AMD64/SITE79.TGZ"].sort());
    for (const path of ["CDBOOT", "CDBR", "BSD.RD", "BASE79.TGZ", "INSTALL.AMD64", "SHA256"]) {
      const name = `/7.9/AMD64/${path}`;
      expect(extract(file, name).equals(extract(iso, name))).toBe(true);
    }
    expect(extract(file, "/ETC/BOOT.CONF").toString()).toBe(
      "stty com0 115200\nset tty com0\nset image /7.9/amd64/bsd.rd\nset timeout 2\n",
    );
    expect(extract(file, "/AUTO_INSTALL.CONF").toString()).toContain(
      `IPv4 address for vio0 = 10.10.0.2/24\n`,
    );
    expect(extract(file, "/AUTO_INSTALL.CONF").toString()).toContain(`= ${KEY}\n`);
    expect(extract(file, "/DISKLABEL.TEMPLATE").toString()).toMatch(/^\/ {2,}800M-1G\n/);
    expect(extract(file, "/ETC/RANDOM.SEED")).toHaveLength(512);
    const set = extract(file, "/7.9/AMD64/SITE79.TGZ");
    const script = execFileSync("tar", ["-xzO", "install.site"], { input: set }).toString();
    for (const key of VALUES.sshPublicKeys) expect(script).toContain(`\n${key}\n`);
  });

  test("the BIOS and UEFI entries start what they started before", async () => {
    const { file } = await built("out");
    const entries = (image: string) =>
      run("xorriso", ["-indev", image, "-report_el_torito", "plain"])
        .stdout.split("\n")
        .filter((line) => /img path|boot img/.test(line))
        .map((line) => line.replace(/ +\d+ +\d+$/, ""));
    expect(entries(file)).toHaveLength(4);
    expect(entries(file)).toEqual(entries(iso));
  });

  test("the same inputs give the same bytes, whenever and by whomever", async () => {
    const first = await built("one");
    process.umask(0o077);
    utimesSync(iso, 0, 0);
    const { status, out } = await startGateway(argv("two"), {
      TZ: "Asia/Kathmandu",
      LC_ALL: "C",
      SOURCE_DATE_EPOCH: "12345",
      TMPDIR: work,
    }).done;
    process.umask(0o022);
    expect(status).toBe(0);
    const second = JSON.parse(out) as { file: string };
    expect(basename(second.file)).toBe(basename(first.file));
    expect(readFileSync(second.file).equals(readFileSync(first.file))).toBe(true);
    // Whoever runs it later must get these bytes too, so no date on it is today's.
    const listing = run("isoinfo", ["-l", "-R", "-i", first.file]).stdout;
    const dates = listing.matchAll(/ ([A-Z][a-z]{2} +\d+ \d{4}) \[.* (\S+) $/gm);
    const added = [...dates].filter(([, , name = ""]) => /conf$|seed$|template$|site/.test(name));
    expect(added.map(([, date]) => date)).toEqual(Array(5).fill("May 19 2026"));
    expect(run("isoinfo", ["-d", "-debug", "-i", first.file]).status).toBe(0);
    expect(readFileSync(first.file).toString("latin1", 32768 + 813, 32768 + 829)).toBe(
      "2026051909300000",
    );
  });

  test("its name follows the inputs; what is there already is not made again", async () => {
    const first = await built("out");
    expect(await built("out")).toMatchObject({ file: first.file, built: false });
    const other = { ...VALUES, hostname: "gw2" };
    writeFileSync(join(work, "values.json"), JSON.stringify(other));
    const second = await built("out");
    expect(second.file).not.toBe(first.file);
    expect(readdirSync(join(work, "out"))).toHaveLength(2);
    expect(statSync(second.file).mode & 0o777).toBe(0o644);
  });

  test("a damaged one under that name is made again", async () => {
    const { file } = await built("out");
    const good = readFileSync(file);
    truncateSync(file, 400_000);
    expect(await built("out")).toMatchObject({ file, built: true });
    expect(readFileSync(file).equals(good)).toBe(true);
  });

  test("leaves the signed list off when it is not OpenBSD's: the installer would refuse it", async () => {
    const { file } = await built("out");
    expect(paths(file)).not.toContain("/7.9/AMD64/SHA256.SIG");
  });

  test("brings OpenBSD's own list along, so that the installer checks the sets once more", async () => {
    const release = findRelease("7.9");
    if (!release) throw new Error("7.9 is in the table");
    const signature = join(origin, "SHA256.sig");
    const key: SigningKey = { source: "openbsd", text: "", owner: "OpenBSD" };
    const { file } = await buildInstallCd(
      {
        release,
        values: parseValues(JSON.stringify(VALUES), "values"),
        output: join(work, "out"),
        io: { err: () => undefined, signal: new AbortController().signal },
      },
      { iso, signature, sha256: "", key },
    );
    expect(extract(file, "/7.9/AMD64/SHA256.SIG").equals(readFileSync(signature))).toBe(true);
  });

  test("takes the values from standard input", async () => {
    const args = argv("out").map((arg) => (arg.endsWith("values.json") ? "-" : arg));
    const { status, out } = await gateway(args, JSON.stringify(VALUES));
    expect(status).toBe(0);
    const { file } = await built("out");
    expect(JSON.parse(out)).toMatchObject({ file });
  });

  test("makes a second CD for an unchanged official one", async () => {
    const { file } = await built("out", "--config-cd");
    expect(paths(file)).toEqual(["/AUTO_INSTALL.CONF", "/DISKLABEL.TEMPLATE", "/SITE79.TGZ"]);
    expect(extract(file, "/AUTO_INSTALL.CONF").toString()).toContain("Location of sets = cd1\n");
    const again = await built("again", "--config-cd");
    expect(readFileSync(again.file).equals(readFileSync(file))).toBe(true);
  });

  test("an ISO that does not verify is not touched", async () => {
    const altered = join(work, "install79.iso");
    writeFileSync(altered, Buffer.concat([readFileSync(iso), Buffer.from("x")]));
    const { status, err } = await gateway(
      argv("out", "--iso", altered, "--signature", join(origin, "SHA256.sig")),
    );
    expect(status).toBe(1);
    expect(err).toContain("altered or cut short");
    expect(existsSync(join(work, "out"))).toBe(false);
  });

  test.each([
    [{ hostname: "gw.example.org" }, "hostname: is not a short host name"],
    [{ hostname: "gw\nx = y" }, "hostname: is not a short host name"],
    [{ gateway: "10.20.0.1" }, "gateway: is in no network of an interface"],
    [{ gateway: "10.10.0.2" }, "gateway: is this machine's own address"],
    [{ sshPublicKeys: [] }, "sshPublicKeys"],
    [{ sshPublicKeys: ["-----BEGIN OPENSSH PRIVATE KEY-----"] }, "is not an SSH public key"],
    [{ interfaces: [{ name: "vio0", address: "10.10.0.2" }] }, "interfaces[0].address"],
    [{ rootPassword: "hunter2" }, "rootPassword"],
  ])("refuses %j", async (wrong, message) => {
    writeFileSync(join(work, "values.json"), JSON.stringify({ ...VALUES, ...wrong }));
    const { status, err } = await gateway(argv("out"));
    expect(status).toBe(1);
    expect(err).toContain(`values.json: `);
    expect(err).toContain(message);
    expect(err).not.toContain("hunter2");
    expect(existsSync(join(work, "out"))).toBe(false);
  });

  describe("when xorriso does not do its part", () => {
    /** A xorriso that runs the script first; `$target` is the image it shall make. */
    const withXorriso = (script: string) => {
      const bin = join(work, "bin");
      mkdirSync(bin);
      const real = run("sh", ["-c", "command -v xorriso"]).stdout.trim();
      const find = 'for arg; do [ "${arg#stdio:}" = "$arg" ] || target=${arg#stdio:}; done';
      writeFileSync(join(bin, "xorriso"), `#!/bin/bash\nreal=${real}\n${find}\n${script}\n`);
      chmodSync(join(bin, "xorriso"), 0o755);
      return { PATH: `${bin}:${process.env.PATH ?? ""}`, TMPDIR: work };
    };
    const left = () => readdirSync(join(work, "out"));

    test("names it left out of the loader's reach are noticed", async () => {
      // What it does without -compliance: 7.9 becomes 7_9.
      const env = withXorriso('exec "$real" "${@/#allow_dir_id_ext:*/default}"');
      const { status, err } = await startGateway(argv("out"), env).done;
      expect(status).toBe(1);
      expect(err).toContain("lacks /7.9/AMD64/CDBR");
      expect(left()).toEqual([]);
    });

    test("a byte it got wrong in a set is noticed", async () => {
      const env = withXorriso(
        '"$real" "$@" || exit; at=$(grep -abo "comp79.tgz 0123" "$target" | tail -n 1 | cut -d: -f1)\n' +
          'printf X | dd of="$target" bs=1 seek="$at" conv=notrunc status=none',
      );
      const { status, err } = await startGateway(argv("out"), env).done;
      expect(status).toBe(1);
      expect(err).toMatch(/came out wrong \(\/7\.9\/AMD64\/COMP79\.TGZ\)/);
      expect(left()).toEqual([]);
    });

    test("its own words are passed on", async () => {
      const env = withXorriso('echo "xorriso : FAILURE : Image size exceeds" >&2; exit 5');
      const { status, err } = await startGateway(argv("out"), env).done;
      expect(status).toBe(1);
      expect(err).toMatch(/gateway: iso: .*: xorriso: Image size exceeds\n$/);
      expect(left()).toEqual([]);
    });

    const HALF = 'head -c 400000 /dev/zero >"$target"; touch "$0.half"; exec sleep 600';

    test("interrupted halfway: nothing is left", async () => {
      const { child, done } = startGateway(argv("out"), withXorriso(HALF));
      await until(() => existsSync(join(work, "bin/xorriso.half")));
      child.kill("SIGTERM");
      const { status, err } = await done;
      expect(status).toBe(130);
      expect(err).toMatch(/gateway: iso: interrupted\n$/);
      expect(left()).toEqual([]);
    });

    test("killed halfway: the next run takes nothing for finished, and clears it away", async () => {
      const { child, done } = startGateway(argv("out"), withXorriso(HALF));
      await until(() => existsSync(join(work, "bin/xorriso.half")));
      killGroup(child);
      await done;
      expect(left()).toEqual([expect.stringMatching(/^\..*\.partial$/)]);
      const { file, built: made } = await built("out");
      expect(made).toBe(true);
      expect(left()).toEqual([basename(file)]);
    });
  });
});
