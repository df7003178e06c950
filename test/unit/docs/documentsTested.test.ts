import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { documents } from "../../../contract/documents";

const TESTS = join(__dirname, "../..");

it("each document is tested with what its command prints", () => {
  const sources = readdirSync(TESTS, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => readFileSync(join(TESTS, file), "utf8"));
  const tested = sources.flatMap((source) =>
    [...source.matchAll(/\b(?:document|prints)\(\s*"([\w-]+)"/g)].map(([, name]) => name),
  );
  expect([...new Set(tested)].sort()).toEqual(Object.keys(documents).sort());
});
