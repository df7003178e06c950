import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CODES } from "../../../config/codes";
import { rules } from "../../../config/rules";

const ROOT = join(__dirname, "../../..");

function sources(folder: string): string {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && name !== "codes.ts")
    .map((name) => readFileSync(join(ROOT, folder, name), "utf8"))
    .join("\n");
}

it("no two rules have one code", () => {
  const codes = rules.map(({ code }) => code);
  expect(codes.filter((code, index) => codes.indexOf(code) < index)).toEqual([]);
});

it("every code is in use, by a rule or by what asks the machines", () => {
  const used = sources("config") + sources("components");
  expect(Object.keys(CODES).filter((code) => !used.includes(`"${code}"`))).toEqual([]);
});

it("the list is in order", () => {
  expect(Object.keys(CODES)).toEqual(Object.keys(CODES).sort());
});
