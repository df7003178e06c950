import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import Ajv from "ajv";
import { parse } from "yaml";
import { loadConfig } from "../../config/load";
import type { StackConfig } from "../../config/schema";
import { readStackFile } from "../../operate/check/stackFile";
import { DRIVERS } from "../../render/perimeter/drivers";
import { forwardsFor } from "../../render/perimeter/forwards";
import { instructions } from "../../render/perimeter/manual";
import { schemaNow } from "../unit/docs/support";
import { gateway } from "../unit/operate/support/gateway";
import { describeWith } from "../unit/support/tools";
import { type Files, readAll, renderAll } from "./files";
import { check } from "./ikedParser";

const FOLDER = join(__dirname, "../../examples");
const names = readdirSync(FOLDER).filter((name) => name.endsWith(".yaml"));
const fileOf = (name: string): string => join(FOLDER, name);

const NOT_THE_DAY = [
  ...(["hrtime", "nextTick", "performance", "queueMicrotask"] as const),
  ...(["setImmediate", "clearImmediate"] as const),
  ...(["setInterval", "clearInterval", "setTimeout", "clearTimeout"] as const),
];

/** Exceptions end on a day. */
beforeAll(() => {
  jest.useFakeTimers({ now: new Date("2026-11-23"), doNotFake: NOT_THE_DAY });
});
afterAll(() => {
  jest.useRealTimers();
});

const configOf = (name: string): StackConfig => loadConfig(readStackFile(fileOf(name))).config;

function forwards({ perimeter, ...config }: StackConfig): Files {
  if (!perimeter) return new Map();
  const all = forwardsFor({ perimeter, ...config }, perimeter);
  if (perimeter.driver === "manual") {
    return new Map([["perimeter/manual", instructions(perimeter.device, all)]]);
  }
  const { render } = DRIVERS[perimeter.driver];
  return new Map(all.map((forward) => [`perimeter/${forward.name}`, render(forward)]));
}

const filesOf = (name: string): Files => {
  const config = configOf(name);
  return new Map([...renderAll(config), ...forwards(config)]);
};

test("there are examples, and the page names each", () => {
  const page = readFileSync(fileOf("README.md"), "utf8");
  expect(names.length).toBeGreaterThan(4);
  expect(names.filter((name) => !page.includes(`[${name}](${name})`))).toEqual([]);
});

test.each(names)("gateway check accepts %s", async (name) => {
  const { status, out } = await gateway(["check", fileOf(name)]);
  expect(out.split("\n").filter((line) => line !== "" && !line.startsWith("warning: "))).toEqual(
    [],
  );
  expect(status).toBe(0);
});

test.each(names)("an editor underlines nothing in %s, and knows its schema", (name) => {
  const text = readFileSync(fileOf(name), "utf8");
  const validate = new Ajv().compile(schemaNow());
  expect([validate(parse(text)), validate.errors]).toEqual([true, null]);
  expect(text).toMatch(/^# yaml-language-server: \$schema=\.\.\/schema\/stack\.schema\.json\n/);
});

test.each(names)("%s renders the expected files, byte for byte", (name) => {
  const folder = join(__dirname, "examples", name.replace(".yaml", ""));
  const rendered = filesOf(name);
  if (process.env.UPDATE_GOLDEN === "1") {
    rmSync(folder, { recursive: true, force: true });
    for (const [path, text] of rendered) {
      mkdirSync(join(folder, dirname(path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
  }
  expect(new Map([...rendered].sort())).toEqual(new Map([...readAll(folder)].sort()));
});

describeWith("iked")("OpenIKED's parser", () => {
  const spoken = names.filter((name) => configOf(name).ike.daemon === "iked");

  test.each(spoken)("accepts the tunnels of %s", (name) => {
    const texts = [...filesOf(name)].filter(([path]) => /^etc\/iked\/[^/]+\.conf$/.test(path));
    expect(check(texts.map(([, text]) => text).join("")).problems).toBe("");
  });
});
