import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(__dirname, "../..");

/** What node prints that was started as Pulumi starts it. */
const printed = (script: string): string =>
  execFileSync(process.execPath, ["--require", "./components/load.cjs", "-e", script], {
    cwd: ROOT,
    encoding: "utf8",
  });

describe("the program's start", () => {
  it("loads the TypeScript as it is on disk", () => {
    expect(printed(`console.log(typeof require("./components/gateway").Gateway)`)).toBe(
      "function\n",
    );
  });

  it("checks no types, and names the line of the source when something breaks", () => {
    const folder = mkdtempSync(join(tmpdir(), "load-"));
    const file = join(folder, "broken.ts");
    writeFileSync(
      file,
      `interface Gone {\n  name: string;\n}\n\nexport function use(gone: Gone): number {\n` +
        `  throw new Error(gone.nothing);\n}\n`,
    );
    try {
      const script = `try { require(${JSON.stringify(file)}).use({ nothing: "as said" }) } catch (e) { console.log(e.stack) }`;
      expect(printed(script)).toMatch(/^Error: as said\n.*broken\.ts:6:9\)\n/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
