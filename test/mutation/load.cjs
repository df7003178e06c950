// The part's tests, which are written for jest, for mocha: it keeps what is loaded from one change to the next, where
// jest loads the program anew each time and tries a tenth as many.
require("tsx/cjs");
const { readdirSync } = require("node:fs");
const { join } = require("node:path");
const each = require("jest-each");
const { expect } = require("expect");
const { ModuleMocker } = require("jest-mock");

// Jest's own needs jest; here it is only compared, of a text of several lines.
expect.extend({
  toMatchInlineSnapshot(received, inline) {
    const [, first, ...rest] = inline.split("\n");
    const indent = /^ */.exec(first)[0].length;
    const wanted = [first, ...rest.slice(0, -1)].map((line) => line.slice(indent)).join("\n");
    return { pass: wanted === `"${received}"`, message: () => `${wanted}\n${received}` };
  },
});

const mocks = new ModuleMocker(globalThis);
const fn = mocks.fn.bind(mocks);
const spyOn = mocks.spyOn.bind(mocks);
Object.assign(global, { expect, test: it, beforeAll: before, afterAll: after });
// Stryker has its own limits.
global.jest = { fn, spyOn, setTimeout: () => undefined };
it.each = each.bind(it, false);
describe.each = each.bind(describe, false);

// What runs between two tests belongs to neither.
afterEach(() => {
  delete global.__stryker__?.currentTestId;
});

const { tests } = require("./parts.cjs")[process.env.MUTATION_PART];
const all = readdirSync(join(__dirname, ".."), { recursive: true });
for (const file of all.filter((name) => tests.test(name) && name.endsWith(".test.ts")).sort()) {
  require(`../${file}`);
}
