import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { GWCTL, gwctlScript, installGwctl } from "../../components/openbsd/gwctlScript";
import { describeShell } from "./support/scratch";

const script = gwctlScript();

/** Places where a connection may be cut: everywhere in the last lines, and in steps before. */
const CUTS = [
  ...Array.from({ length: 120 }, (_, index) => script.length - 1 - index),
  ...Array.from({ length: 80 }, (_, index) => Math.floor((script.length * index) / 80)),
  // Between two parts, where what came is complete commands.
  ...[...script.matchAll(/^# ---- /gm)].map(({ index }) => index),
];

describeShell("a gwctl that did not arrive whole", () => {
  let base: string;
  let bin: string;

  beforeAll(() => {
    base = fs.mkdtempSync(path.join(os.tmpdir(), "gwctl-install-"));
    bin = path.join(base, "bin");
    fs.mkdirSync(bin);
    // ksh(1) and sha256(1) of the gateway.
    fs.writeFileSync(path.join(bin, "ksh"), '#!/bin/sh\nexec mksh "$@"\n', { mode: 0o755 });
    const sha256 = '#!/bin/sh\nsha256sum "$2" | cut -d " " -f 1\n';
    fs.writeFileSync(path.join(bin, "sha256"), sha256, { mode: 0o755 });
  });

  afterAll(() => {
    fs.rmSync(base, { recursive: true });
  });

  /** The install step in a directory of its own. */
  function install(input: string): { status: number | null; stderr: string; there: string } {
    const root = fs.mkdtempSync(path.join(base, "root-"));
    const file = path.join(root, GWCTL);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, "the one before\n");
    const text = installGwctl(script).replaceAll("/usr/local", path.join(root, "/usr/local"));
    const env = { ...process.env, PATH: `${bin}:${process.env.PATH ?? ""}` };
    const { status, stderr } = spawnSync("sh", ["-c", text], { input, env, encoding: "utf8" });
    expect(fs.readdirSync(path.dirname(file))).toEqual(["gwctl"]);
    return { status, stderr, there: fs.readFileSync(file, "utf8") };
  }

  test("is not installed, and the one before stays", () => {
    for (const cut of [...CUTS.slice(0, 3), ...CUTS.slice(-8)]) {
      const { status, stderr, there } = install(script.slice(0, cut));
      expect({ cut, there }).toEqual({ cut, there: "the one before\n" });
      expect(status).not.toBe(0);
      expect(stderr).toContain("not the whole script arrived");
    }
    const { status, there } = install(script.replace("VERSION=2", "VERSION=3"));
    expect([status, there]).toEqual([1, "the one before\n"]);
  });

  test("would do nothing and fail", () => {
    const cut = path.join(base, "cut");
    for (const at of CUTS.filter((one) => one > 0)) {
      fs.writeFileSync(cut, script.slice(0, at));
      const { status, stdout } = spawnSync("mksh", [cut, "version"], { encoding: "utf8" });
      // Without its last newline it is whole all the same.
      if (at === script.length - 1) expect([status, stdout]).toEqual([0, "2\n"]);
      else expect({ at, stdout, failed: status !== 0 }).toEqual({ at, stdout: "", failed: true });
    }
  });

  test("one that did is installed", () => {
    const { status, stderr, there } = install(script);
    expect([status, stderr]).toEqual([0, ""]);
    expect(there).toBe(script);
  });
});
