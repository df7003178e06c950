// Which engine scripts/toolchain takes: an official one that is here, else a download, else it says so and builds.
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

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

const versions = readFileSync(join(parts, "versions.sh"), "utf8");
const version = /^ENGINE_VERSION=(.*)$/m.exec(versions)?.[1] ?? "";
const installed = () => join(root, ".toolchain/bin/pulumi-language-nodejs");

/** A release of that version as the download gives it; the SHA-256 that counts is the first one's. */
function released(content: string): void {
  programs("release/pulumi", engine(content));
  const file = join(root, "release.tar.gz");
  execFileSync("tar", ["-czf", file, "-C", join(root, "release"), "pulumi"]);
}

/** `fetch_engine` with what the download gives now, and these recorded SHA-256. */
function fetched(checksums: string): { status: number | null; output: string } {
  writeFileSync(join(root, "checksums"), checksums);
  const file =
    '-o) printf "%s\\n" "$*" >>"$HOME/calls"; shift; cat "$HOME/release.tar.gz" >"$1" ;;';
  const curl = programs("net", {
    curl: `case $* in *-fsIL*) exit 0 ;; esac; while [ $# -gt 0 ]; do case $1 in ${file} esac; shift; done`,
  });
  const command =
    "CHECKSUMS=$ROOT/checksums STEP=engine HOW=; fetch_engine || exit; echo; official engine && origin engine";
  return bash(command, [curl]);
}

const recorded = (): string => {
  const machine = process.arch === "arm64" ? "arm64" : "x64";
  const sha256 = createHash("sha256").update(readFileSync(join(root, "release.tar.gz")));
  return `${sha256.digest("hex")}  pulumi-v${version}-linux-${machine}.tar.gz\n`;
};

test("unpacks a downloaded engine only if it is the recorded archive", () => {
  released(version);
  const right = recorded();
  const archive = readFileSync(join(root, "release.tar.gz"));

  // Cut, altered, and another one that works.
  const altered = Buffer.from(archive);
  altered[altered.length - 1] = (altered.at(-1) ?? 0) ^ 1;
  for (const wrong of [archive.subarray(0, 60), altered]) {
    writeFileSync(join(root, "release.tar.gz"), wrong);
    const { status, output } = fetched(right);
    expect(status).toBe(1);
    expect(output).toMatch(
      /is not the recorded archive \(its SHA-256 is [0-9a-f]{64}\): thrown away/,
    );
  }
  released(version + ".evil");
  expect(fetched(right).status).toBe(1);
  expect(existsSync(installed())).toBe(false);
  expect(readdirSync(join(root, ".toolchain/download"))).toEqual([]);

  writeFileSync(join(root, "release.tar.gz"), archive);
  expect(fetched(right).output.trim().split("\n").at(-1)).toBe(
    `official archive ${version}, SHA-256 checked`,
  );
  expect(existsSync(installed())).toBe(true);
});

test("a recorded archive that is another version is not installed, and the engine before stays", () => {
  released(version);
  expect(fetched(recorded()).status).toBe(0);
  released("3.0.0");
  expect(fetched(recorded()).status).toBe(1);
  expect(bash('"$BIN/pulumi"').output).toBe(`v${version}\n`);
});

test("downloads nothing whose SHA-256 is not recorded", () => {
  released(version);
  const { status, output } = fetched("# none\n");
  expect(status).toBe(1);
  expect(output).toMatch(/no SHA-256 of it is recorded in lab\/toolchain\/checksums, so it is not/);
  expect(existsSync(join(root, "calls"))).toBe(false);
  const plugin = bash("ONLINE=yes; fetch_plugin command 1.2.1", [
    programs("net2", { curl: "exit 3" }),
  ]);
  expect([plugin.status, plugin.output]).toEqual([1, expect.stringContaining("not downloaded")]);
});

test("gives a download limits of size, time and protocol", () => {
  released(version);
  fetched(recorded());
  const call = readFileSync(join(root, "calls"), "utf8");
  expect(call).toContain(join(root, ".toolchain/download"));
  const source = readFileSync(join(parts, "official.sh"), "utf8");
  for (const option of ["--max-filesize", "--speed-limit", "--max-time", "--proto '=https'"]) {
    expect(source).toContain(option);
  }
});

test("records an official engine for every platform, at its version", () => {
  const lines = readFileSync(join(parts, "checksums"), "utf8").split("\n");
  const names = lines.flatMap((line) => /^[0-9a-f]{64} {2}(\S+)$/.exec(line)?.[1] ?? []);
  for (const machine of ["x64", "arm64"]) {
    expect(names).toContain(`pulumi-v${version}-linux-${machine}.tar.gz`);
  }
});

test.each(["package-lock.json", "lab/toolchain/node/package-lock.json"])(
  "%s pins the integrity of every npm package",
  (name) => {
    const file = join(__dirname, "../..", name);
    const { packages } = JSON.parse(readFileSync(file, "utf8")) as {
      packages: Record<string, { link?: boolean; inBundle?: boolean; integrity?: string }>;
    };
    const unpinned = Object.entries(packages).filter(
      ([path, { link, inBundle, integrity = "" }]) =>
        path.startsWith("node_modules/") &&
        link !== true &&
        inBundle !== true &&
        !integrity.startsWith("sha512-"),
    );
    expect(unpinned.map(([path]) => path)).toEqual([]);
  },
);

test("npm ci refuses a package that is not the one of the lock file", () => {
  const files = {
    "x/package.json": { name: "x", version: "1.0.0" },
    "package.json": { name: "root", dependencies: { x: "file:x.tgz" } },
    "package-lock.json": {
      name: "root",
      lockfileVersion: 3,
      packages: {
        "": { name: "root", dependencies: { x: "file:x.tgz" } },
        "node_modules/x": {
          version: "1.0.0",
          resolved: "file:x.tgz",
          integrity: `sha512-${"A".repeat(86)}==`,
        },
      },
    },
  };
  mkdirSync(join(root, "x"));
  for (const [name, value] of Object.entries(files)) {
    writeFileSync(join(root, name), JSON.stringify(value));
  }
  execFileSync("tar", ["-czf", join(root, "x.tgz"), "-C", root, "x"]);
  const { status, output } = bash('npm ci --prefix "$ROOT" --offline --no-audit --no-fund', [
    dirname(process.execPath),
  ]);
  expect(status).not.toBe(0);
  expect(output).toContain("EINTEGRITY");
  expect(existsSync(join(root, "node_modules/x"))).toBe(false);
});

test("Go modules are checked against go.sum whatever the machine's settings say", () => {
  const go = programs("bin", {
    go: 'env | grep ^GO | sort; echo "$@"',
  });
  const loose = "export GOFLAGS=-mod=mod GOSUMDB=off GONOSUMDB='*' GOPRIVATE='*' GOINSECURE='*'";
  const { output } = bash(`${loose}; go_build engine "" "$ROOT/x" example.org/x || true`, [go]);
  const lines = output.split("\n");
  expect(lines).toEqual(
    expect.arrayContaining([
      ...["GOFLAGS=", "GOSUMDB=sum.golang.org", "GONOSUMDB=", "GOPRIVATE=", "GOINSECURE="],
      expect.stringContaining(" build -mod=readonly "),
    ]),
  );
  const modules = readdirSync(join(parts, "go"));
  expect(modules.length).toBeGreaterThan(1);
  for (const module of modules) {
    const sums = readFileSync(join(parts, "go", module, "go.sum"), "utf8");
    expect(
      sums
        .trimEnd()
        .split("\n")
        .every((line) => / h1:[A-Za-z0-9+/]{43}=$/.test(line)),
    ).toBe(true);
  }
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

test("what is at work at once is told line by line, and the others' work is kept when one fails", () => {
  const lanes = [
    'wrong() { step npm fails; }; fails() { working "from afar"; die "gone"; }',
    'right() { step go works; }; works() { working "built"; sleep 0.3; touch "$ROOT/made"; }',
  ].join("; ");
  const { status, output } = bash(`${lanes}; at_once wrong right; echo on`);
  expect(status).toBe(1);
  expect(output).not.toContain("on\n");
  expect(output).toMatch(/^toolchain: npm +from afar +…$/m);
  expect(output).toMatch(/^toolchain: go +built +…$/m);
  expect(output).toMatch(/^toolchain: go +done +\d+ s$/m);
  expect(existsSync(join(root, "made"))).toBe(true);
});

test("ends with all that it began, which may put back first what it had begun to replace", () => {
  const command =
    "putsBack() { bash -c 'trap \"sleep 0.3; echo put back; exit 1\" TERM; kill $1; sleep 60 & wait $!' bash $$; }";
  const { status, output } = bash(`${command}; endless() { sleep 60; }; at_once endless putsBack`);
  expect([status, output]).toEqual([null, expect.stringContaining("put back\n")]);
});

test("an unknown argument ends with the usage", () => {
  const { status, stderr } = spawnSync(join(parts, "../../scripts/toolchain"), ["--close"], {
    encoding: "utf8",
  });
  expect(status).toBe(64);
  expect(stderr).toContain("usage: scripts/toolchain");
});
