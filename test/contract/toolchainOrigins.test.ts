// Which engine scripts/toolchain takes: an official one that is here, else a download, else it says so and builds.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const parts = join(__dirname, "../../lab/toolchain");
const oldest = "3.248.0";
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "contract-origins-"));
  for (const directory of ["origin", "log"])
    mkdirSync(join(root, ".toolchain", directory), { recursive: true });
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

/** Runs bash with the toolchain's parts, a toolchain directory of its own, and only these programs before PATH. */
function bash(
  command: string,
  path: readonly string[] = [],
): { status: number | null; output: string } {
  const load = `set -euo pipefail; ROOT=$1 CLOSED=; for part in versions steps node official closed plugins sdk; do . "$2/$part.sh"; done`;
  const { status, stdout, stderr } = spawnSync(
    "bash",
    ["-c", `${load}; ${command}`, "bash", root, parts],
    {
      encoding: "utf8",
      env: {
        ...process.env,
        PATH: [...path, "/usr/local/bin", "/usr/bin", "/bin"].join(":"),
        HOME: root,
      },
    },
  );
  return { status, output: stdout + stderr };
}

/** A directory with executables of these texts. */
function programs(name: string, texts: Record<string, string>): string {
  const directory = join(root, name);
  mkdirSync(directory, { recursive: true });
  for (const [program, text] of Object.entries(texts)) {
    writeFileSync(join(directory, program), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  }
  return directory;
}

const engine = (version: string) => ({
  pulumi: `echo v${version}`,
  "pulumi-language-nodejs": "exit 0",
});

test("takes the first engine on PATH that is new enough and has its language host", () => {
  const old = programs("old", engine("3.247.9"));
  const launcher = programs("launcher", { pulumi: "echo v3.300.0" });
  const good = programs("good", engine(oldest));
  expect(bash("find_engine && engine_directory", [old, launcher, good]).output.trim()).toBe(good);
  expect(bash("find_engine", [old, launcher]).status).toBe(1);
});

test("does not take another clone's own build for an official engine", () => {
  const other = programs("clone/.toolchain/bin", engine("3.259.0"));
  programs("clone/.toolchain/origin", { engine: "" });
  expect(bash("find_engine", [other]).status).toBe(1);
});

test("unpacks a downloaded engine only as a whole and only if it is the right one", () => {
  const version =
    /^ENGINE_VERSION=(.*)$/m.exec(readFileSync(join(parts, "versions.sh"), "utf8"))?.[1] ?? "";
  const archive = (content: string) => {
    programs("release/pulumi", engine(content));
    execFileSync("tar", [
      "-czf",
      join(root, "release.tar.gz"),
      "-C",
      join(root, "release"),
      "pulumi",
    ]);
  };
  const curl = programs("net", {
    curl: `case $* in *-fsIL*) ;; *) cat ${root}/release.tar.gz ;; esac`,
  });
  const installed = join(root, ".toolchain/bin/pulumi-language-nodejs");

  archive("3.0.0");
  expect(bash("STEP=engine STEP_SHOWN=; fetch_engine", [curl]).status).toBe(1);
  writeFileSync(
    join(root, "release.tar.gz"),
    readFileSync(join(root, "release.tar.gz")).subarray(0, 60),
  );
  expect(bash("STEP=engine STEP_SHOWN=; fetch_engine", [curl]).status).toBe(1);
  expect(existsSync(installed)).toBe(false);

  archive(version);
  const { output } = bash(
    "STEP=engine STEP_SHOWN=; fetch_engine; echo; official engine && origin engine",
    [curl],
  );
  expect(output.trim().split("\n").at(-1)).toBe(`official release ${version}`);
  expect(existsSync(installed)).toBe(true);
});

test("asks for the internet once", () => {
  const curl = programs("net", { curl: `echo asked >> ${root}/asked; exit 6` });
  expect(bash("online || online || online || echo closed", [curl]).output).toBe("closed\n");
  expect(readFileSync(join(root, "asked"), "utf8")).toBe("asked\n");
});

test("says what to install when Go is missing or too old", () => {
  expect(bash("need_go", [programs("none", { go: "exit 127" })]).output).toMatch(
    /^toolchain: Go >= [0-9.]+ is missing.*install Go \(https:.*\)\n$/,
  );
  expect(bash("need_go", [programs("older", { go: "echo go1.19.8" })]).output).toContain(
    "Go 1.19.8 is too old",
  );
});

test("an unknown argument is told the usage", () => {
  const { status, stderr } = spawnSync(join(parts, "../../scripts/toolchain"), ["--close"], {
    encoding: "utf8",
  });
  expect(status).toBe(64);
  expect(stderr).toContain("usage: scripts/toolchain");
});
