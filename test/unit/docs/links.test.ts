import { existsSync, readdirSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { read, ROOT } from "./support";

const PAGES = [
  "README.md",
  "examples/README.md",
  ...readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => join("docs", file)),
];

const withoutCode = (text: string): string => text.replace(/^```[^]*?^```/gm, "");

/** As GitHub makes them of headings, and those that a page sets itself. */
function anchors(page: string): string[] {
  const text = withoutCode(page);
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, words = ""]) =>
    words
      .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
  return [...headings, ...[...text.matchAll(/<a id="([^"]+)">/g)].map(([, id = ""]) => id)];
}

/** Links of the page that lead nowhere. */
function broken(page: string, text: string): string[] {
  const targets = [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, to = ""]) => to);
  return targets.filter((target) => {
    if (/^[a-z]+:/.test(target)) return false;
    const [path = "", anchor] = target.split("#");
    const file = path === "" ? page : normalize(join(dirname(page), path));
    if (!existsSync(join(ROOT, file))) return true;
    return anchor !== undefined && !anchors(path === "" ? text : read(file)).includes(anchor);
  });
}

test.each(PAGES)("every link of %s leads somewhere", (page) => {
  expect(broken(page, read(page))).toEqual([]);
});

test("a link to a file or an anchor that is not there is found", () => {
  const text = "# One `two[]`\n[a](#one-two) [b](#three) [c](nothing.md) [d](rules.md#gw010)";
  expect(broken("docs/rules.md", text)).toEqual(["#three", "nothing.md"]);
});

test("docs/README.md leads to every page of docs/", () => {
  const index = read("docs/README.md");
  const pages = PAGES.filter((page) => page.startsWith("docs/") && page !== "docs/README.md");
  expect(pages.filter((page) => !index.includes(`(${page.slice("docs/".length)}`))).toEqual([]);
});
