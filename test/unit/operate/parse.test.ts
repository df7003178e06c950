import { declare, flag, valued } from "../../../operate/commandLine/declaration";
import { parse } from "../../../operate/commandLine/parse";
import { choice, count, file, text } from "../../../operate/commandLine/values";

const plain = declare({
  name: "demo",
  summary: "s",
  text: "t",
  arguments: { name: valued(text("NAME"), "n", { required: true }) },
  options: {
    quiet: flag("q", "q"),
    lines: valued(count("LINES", "a number", 1, 20), "l", { short: "n", default: 10 }),
    on: valued(choice("WHERE", { inside: "i", outside: "o" }), "o"),
    host: valued(text("HOST"), "h", { many: true }),
  },
  examples: ["./scripts/gateway demo west"],
  exit: { ok: "done" },
});

const actions = declare({
  name: "disk",
  summary: "s",
  text: "t",
  actions: {
    check: {
      text: "c",
      options: {
        disk: valued(file, "d", { required: true, byPosition: true }),
        stack: valued(text("NAME"), "s", { required: true }),
      },
    },
    run: {
      text: "r",
      arguments: { words: valued(text("WORD"), "w", { many: true }) },
      options: { quiet: flag("q") },
    },
  },
  examples: ["./scripts/gateway disk check a"],
  exit: { ok: "done" },
});

const defaults = { quiet: false, lines: 10, on: undefined, host: [] };

test.each([
  [plain, "west", { ...defaults, name: "west" }],
  [plain, "-qn5 west", { ...defaults, name: "west", quiet: true, lines: 5 }],
  [plain, "--lines=7 --lines 8 west", { ...defaults, name: "west", lines: 8 }],
  [
    plain,
    "west --on inside --host a --host b",
    { ...defaults, name: "west", on: "inside", host: ["a", "b"] },
  ],
  [plain, "-- -west", { ...defaults, name: "-west" }],
  [plain, "--host=-a west", { ...defaults, name: "west", host: ["-a"] }],
  [actions, "check --stack s a", { action: "check", stack: "s", disk: "a" }],
  [actions, "check --stack s --disk a", { action: "check", stack: "s", disk: "a" }],
  [actions, "--stack s check -", { action: "check", stack: "s", disk: "-" }],
  [actions, "run", { action: "run", words: [], quiet: false }],
  [actions, "run -- a --quiet", { action: "run", words: ["a", "--quiet"], quiet: false }],
])("%# %s", (declaration, line, values) => {
  expect(parse(declaration, line.split(" "))).toEqual(values);
});

test.each([
  [plain, "", "NAME is missing: ./scripts/gateway demo NAME"],
  [plain, "west east", "east: unexpected argument: ./scripts/gateway demo NAME"],
  [plain, "west --lines 0", "--lines 0: write a number, 1 to 20"],
  [plain, "west --lines 21", "--lines 21: write a number, 1 to 20"],
  [plain, "west --lines 1e1", "--lines 1e1: write a number, 1 to 20"],
  [plain, "west -n", "-n: LINES is missing"],
  [plain, "west --host -a", "--host: HOST is missing"],
  [plain, "west --on zzz", "--on zzz: write inside or outside"],
  [plain, "west -x", "-x: no such option"],
  [actions, "check --disk a --stack s b", "b: unexpected argument"],
  [actions, "check --stack s", "--disk FILE is missing"],
  [actions, "check a", "--stack NAME is missing"],
  [actions, "check a --quiet", "--quiet: no option of disk check"],
  [actions, "a check", "the action comes first: disk check a"],
  [actions, "constructor", "constructor: no such action: give check or run"],
])("%# %s is called wrongly", (declaration, line, message) => {
  expect(() => parse(declaration, line.split(" ").filter(Boolean))).toThrow(message);
});
