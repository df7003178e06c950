import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { commandNames } from "../../../operate/catalogue";
import { command as tunnel } from "../../../operate/commands/tunnel";

const ROOT = join(__dirname, "../../..");
const TUNNEL = Object.keys(tunnel.actions);
/** What of gwctl tunnel is there beside what an operator asks for. */
const GWCTL_TUNNEL = [...TUNNEL, "put", "remove"];

function filesIn(folder: string, ending: RegExp): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && ending.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

const TEXTS = [
  ...["operate", "config", "components", "render"].flatMap((folder) => filesIn(folder, /\.ts$/)),
  ...filesIn("gateway", /\.ksh$/),
  ...filesIn("docs", /\.(md|yml)$/),
  join(ROOT, "README.md"),
];

interface Named {
  readonly text: string;
  readonly wrong: boolean;
}

/** Command lines of both programs, as they stand in messages, fixes and pages. */
function named(text: string): Named[] {
  const operator =
    /(?:\.\/scripts\/gateway|(?<=["'`(:;,] ?|\b(?:then|ran|run|see) )gateway) ([a-z][a-z-]*)(?: ([a-z][a-z-]*))?/g;
  const own = /\bgwctl tunnel ([a-z][a-z-]*)/g;
  return [
    ...[...text.matchAll(operator)].map(([all, command = "", more]) => ({
      text: all,
      wrong:
        !commandNames().includes(command) ||
        (command === "tunnel" && more !== undefined && !TUNNEL.includes(more)),
    })),
    ...[...text.matchAll(own)].map(([all, action = ""]) => ({
      text: all,
      wrong: !GWCTL_TUNNEL.includes(action),
    })),
  ];
}

it("finds a command that does not exist", () => {
  const wrong = (text: string) => named(text).filter((one) => one.wrong).length;
  expect(wrong("iked is not running: gateway start-all, and see gateway logs")).toBe(1);
  expect(wrong("./scripts/gateway tunnel reset west")).toBe(1);
  expect(wrong("`gwctl tunnel begin`")).toBe(1);
  expect(wrong("gateway tunnel restart west; then ./scripts/gateway why west")).toBe(0);
});

it("every command that a text names exists", () => {
  const all = TEXTS.flatMap((file) =>
    named(readFileSync(file, "utf8")).map((one) => ({ ...one, file: file.slice(ROOT.length + 1) })),
  );
  expect(all.length).toBeGreaterThan(100);
  expect(all.filter(({ wrong }) => wrong)).toEqual([]);
});
