import { readdirSync, readFileSync } from "node:fs";

const parts = readFileSync("scripts/lib/e2e-parts", "utf8")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"))
  .map((line) => line.split(" "));

it("every end-to-end test runs in exactly one part, and every part names tests that exist", () => {
  const listed = parts.flatMap(([, ...tests]) => tests).sort();
  const files = readdirSync("test/e2e").flatMap((file) => /^(.+)\.test\.ts$/.exec(file)?.[1] ?? []);
  expect(listed).toEqual(files.sort());
});

it("no lab has two lines", () => {
  const names = parts.map(([name]) => name);
  expect(names).toEqual([...new Set(names)]);
  expect(names).toContain("own");
});
