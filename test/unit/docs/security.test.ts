import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(__dirname, "../../..");
const page = readFileSync(join(ROOT, "docs/security.md"), "utf8");
const named = [...page.matchAll(/`([^`\s]+\.test\.ts)`/g)].map(([, file = ""]) => file);

test("docs/security.md names tests that exist", () => {
  expect(named.filter((file) => !existsSync(join(ROOT, "test", file)))).toEqual([]);
  expect(named.length).toBeGreaterThan(30);
});

test("every point of docs/security.md that something cannot be names its test", () => {
  const points = page
    .split(/\n(?=- )/)
    .slice(1)
    .map((point) => point.split("\n\n")[0] ?? "");
  const promises = points.filter((point) => /\b(?:no|not|cannot|never|nothing)\b/i.test(point));
  const bare = promises.filter((point) => !point.includes(".test.ts`"));
  // What the reader of the state has is a list of what can be done.
  expect(bare.map((point) => point.slice(0, 50))).toEqual([
    "- **the administrator's private SSH key**, where `",
  ]);
});
