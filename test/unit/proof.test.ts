import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { codeHash, hashOf, PARTS } from "../../components/proof";
import { temporaryFolder } from "./support/temporaryFolder";

const ROOT = join(__dirname, "../..");

/** Every file of the project that one imports, itself included. */
function imported(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const [, path = ""] of readFileSync(file, "utf8").matchAll(
    /(?:from |import\()"(\.[^"]*)"/g,
  )) {
    const base = join(dirname(file), path);
    const found = [`${base}.ts`, join(base, "index.ts"), base].find(
      (one) => /\.\w+$/.test(one) && existsSync(one),
    );
    if (found !== undefined) imported(found, seen);
  }
  return seen;
}

describe("what a proof covers", () => {
  it("is every file that the program or one of its commands imports", () => {
    const commands = readdirSync(join(ROOT, "operate/handlers"));
    const seen = new Set<string>();
    for (const entry of [
      "index.ts",
      "operate/cli.ts",
      ...commands.flatMap((name) => [`operate/commands/${name}`, `operate/handlers/${name}`]),
    ]) {
      imported(join(ROOT, entry), seen);
    }
    const files = [...seen].map((file) => relative(ROOT, file));
    expect(files.length).toBeGreaterThan(200);
    const isCovered = (file: string) =>
      PARTS.some((part) => file === part || file.startsWith(`${part}/`));
    expect(files.filter((file) => !isCovered(file))).toEqual([]);
  });

  it("changes with each of its parts, and with what runs them", () => {
    const root = temporaryFolder("proof");
    const fileOf = (part: string) =>
      join(
        root,
        /\.|gateway$|ssh$|scripts/.test(part) && part !== "gateway" ? part : join(part, "file"),
      );
    const write = (part: string, text: string) => {
      mkdirSync(dirname(fileOf(part)), { recursive: true });
      writeFileSync(fileOf(part), text);
    };
    for (const part of PARTS) write(part, "");
    const before = hashOf(root, ["v22", "v3"]);
    for (const part of PARTS) {
      write(part, "changed");
      expect([part, hashOf(root, ["v22", "v3"]) === before]).toEqual([part, false]);
      write(part, "");
    }
    expect(hashOf(root, ["v22", "v3"])).toBe(before);
    expect(hashOf(root, ["v22", "v4"])).not.toBe(before);
    // What a machine makes of the sources is no other program.
    mkdirSync(join(root, "sdks/bin"));
    writeFileSync(join(root, "sdks/bin/index.js"), "");
    expect(hashOf(root, ["v22", "v3"])).toBe(before);
  });

  it("asks the engine for its version without the stack's values and the engine's log", async () => {
    const folder = temporaryFolder("engine");
    const seen = join(folder, "environment");
    writeFileSync(join(folder, "pulumi"), `#!/bin/sh\nenv >"${seen}"\n`, { mode: 0o755 });
    const before = process.env;
    process.env = {
      ...before,
      PATH: `${folder}:${before.PATH ?? ""}`,
      PULUMI_HOME: folder,
      PULUMI_CONFIG: "{}",
      PULUMI_LOG_OTLP_ENDPOINT: "localhost:1",
    };
    try {
      await codeHash();
    } finally {
      process.env = before;
    }
    const names = readFileSync(seen, "utf8").match(/^PULUMI_\w+/gm);
    expect(names?.sort()).toEqual(["PULUMI_HOME", "PULUMI_SKIP_UPDATE_CHECK"]);
  });

  it("is there in this project", async () => {
    expect(await codeHash()).toMatch(/^[0-9a-f]{64}$/);
  });
});
