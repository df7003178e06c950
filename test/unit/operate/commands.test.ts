import { existsSync } from "node:fs";
import { join } from "node:path";
import { allDeclarations, loadRun } from "../../../operate/catalogue";
import {
  callsOf,
  declare,
  optionsOf,
  type Call,
  type Valued,
} from "../../../operate/commandLine/declaration";
import { helpOf } from "../../../operate/commandLine/help";
import { headWithShort, usageOf } from "../../../operate/commandLine/usage";
import { gateway } from "./support/gateway";

// All handlers are loaded.
jest.setTimeout(120_000);

const ROOT = join(__dirname, "../../..");

const allCalls = async () => (await allDeclarations()).flatMap(callsOf);

/** A value that the argument takes. */
function sampleFor({ value }: Valued<unknown>): string {
  const words = [...Object.keys(value.choices ?? {}), "west", "8.0", "qemu:///system"];
  const taken = words.find((word) => {
    try {
      value.parse(word);
      return true;
    } catch {
      return false;
    }
  });
  if (taken === undefined) throw new Error(`no sample for ${value.placeholder}`);
  return taken;
}

/** One word for each that the call takes; undefined if it takes any number. */
function fullOf(call: Call): string[] | undefined {
  const named = Object.values(call.options ?? {}).flatMap((option) =>
    "value" in option && option.byPosition ? [option] : [],
  );
  const all = [...Object.values(call.arguments ?? {}), ...named];
  return all.some(({ many }) => many) ? undefined : all.map(sampleFor);
}

test("every command has its handler and shows its help, with every option", async () => {
  for (const declaration of await allDeclarations()) {
    const { name, summary, text } = declaration;
    expect([name, typeof (await loadRun(name))]).toEqual([name, "function"]);
    expect([name, summary === "", text.trim() === ""]).toEqual([name, false, false]);
    const { status, out, err } = await gateway([name, "--help"]);
    expect([name, status, err]).toEqual([name, 0, ""]);
    expect(out.startsWith(`usage: ./scripts/gateway ${name}`)).toBe(true);
    for (const { words, call } of callsOf(declaration)) expect(out).toContain(usageOf(words, call));
    for (const [option, one] of Object.entries(optionsOf(declaration))) {
      expect(out).toContain(`\n  ${headWithShort(option, one)}  `);
    }
    expect(out).toMatch(/\nExamples?:\n {2}\S/);
    expect(out).toMatch(/\nExit status: 0 [^]*\s64\s+called\s+wrongly[^]*\.\n$/);
  }
});

test("no command's help is wider than 80 columns there, but for what is typed", async () => {
  for (const declaration of await allDeclarations()) {
    const lines = helpOf(declaration, 80).split("\n");
    const typed = new Set<string>([
      ...declaration.examples,
      ...callsOf(declaration).map(({ words, call }) => usageOf(words, call)),
    ]);
    const wide = lines.filter(
      (line) => line.length > 80 && !typed.has(line.replace(/^(?:usage:)? +/, "")),
    );
    expect(wide).toEqual([]);
  }
});

test("a slip in an option's name has the same answer everywhere", async () => {
  for (const { words, call } of await allCalls()) {
    for (const option of Object.keys(call.options ?? {})) {
      const { status, out, err } = await gateway([...words.split(" "), `--${option}x`]);
      const [name = ""] = words.split(" ");
      const message = `gateway: ${name}: --${option}x: no such option: did you mean --${option}?\n`;
      expect([status, out, err]).toEqual([64, "", message]);
    }
    const { status, err } = await gateway([...words.split(" "), "--qqqqqqqqqqqq"]);
    expect([status, err]).toEqual([64, expect.stringContaining("--help lists them\n")]);
  }
});

test("a surplus argument is named, with what may be written", async () => {
  let seen = 0;
  for (const { words, call } of await allCalls()) {
    const full = fullOf(call);
    if (full === undefined) continue;
    seen++;
    const { status, err } = await gateway([...words.split(" "), ...full, "surplus"]);
    const [name = ""] = words.split(" ");
    const message = `gateway: ${name}: surplus: unexpected argument: ${usageOf(words, call)}\n`;
    expect([status, err]).toEqual([64, message]);
  }
  expect(seen).toBeGreaterThan(15);
});

test("an option whose value is missing, empty or none of its choices is called wrongly", async () => {
  for (const { words, call } of await allCalls()) {
    for (const [name, option] of Object.entries(call.options ?? {})) {
      const answer = async (...more: string[]) => {
        const { status, err } = await gateway([...words.split(" "), ...more]);
        return [status, err.replace(/^gateway: \w+: /, "")];
      };
      if (!("value" in option)) {
        expect(await answer(`--${name}=x`)).toEqual([64, `--${name}: takes no value\n`]);
        continue;
      }
      const { placeholder, choices } = option.value;
      const missing = [64, `--${name}: ${placeholder} is missing\n`];
      expect(await answer(`--${name}`)).toEqual(missing);
      expect(await answer(`--${name}`, "--help-me")).toEqual(missing);
      expect(await answer(`--${name}=`)).toEqual([64, `--${name}: ${placeholder} is empty\n`]);
      for (const word of Object.keys(choices ?? {})) {
        const slip = `--${name} ${word}q: did you mean ${word}?\n`;
        expect(await answer(`--${name}`, `${word}q`)).toEqual([64, slip]);
      }
    }
  }
});

test("each document that --json prints has its schema in docs", async () => {
  let seen = 0;
  for (const declaration of await allDeclarations()) {
    const { json } = optionsOf(declaration);
    if (json === undefined) continue;
    const files = json.text.match(/docs\/schema\/[\w-]+\.json/g) ?? [];
    expect([declaration.name, files.length > 0]).toEqual([declaration.name, true]);
    for (const file of files) expect([file, existsSync(join(ROOT, file))]).toEqual([file, true]);
    seen++;
  }
  expect(seen).toBeGreaterThan(12);
});

test("--stack is worded once, but for the commands that need it or read a file", async () => {
  const texts = (await allDeclarations()).flatMap((declaration) => {
    const { stack } = optionsOf(declaration);
    return stack === undefined ? [] : [headWithShort("stack", stack) + ": " + stack.text];
  });
  expect([...new Set(texts)].sort()).toEqual([
    "--stack NAME: the stack",
    "--stack NAME: the stack (default: the only one there is)",
    "--stack NAME: the stack (default: the selected one)",
  ]);
});

test("what follows -- is the command's own", async () => {
  const { status, out } = await gateway(["shell", "--stack", "", "--", "ls", "--help"]);
  expect([status, out]).toEqual([64, ""]);
});

test("a declaration without help, example or type does not compile", () => {
  const begin = { name: "demo", summary: "s", exit: { ok: "done" } } as const;
  const examples = ["./scripts/gateway demo"] as const;
  const whole = { ...begin, text: "t", examples };
  expect([
    declare(whole),
    // @ts-expect-error: there is no help
    declare({ ...begin, examples }),
    // @ts-expect-error: there is no example
    declare({ ...begin, text: "t" }),
    // @ts-expect-error: an empty list of examples
    declare({ ...whole, examples: [] }),
    // @ts-expect-error: an option of no type and without a text
    declare({ ...whole, options: { on: {} } }),
    // @ts-expect-error: an argument without a type
    declare({ ...whole, arguments: { name: { text: "t" } } }),
  ]).toHaveLength(6);
});
