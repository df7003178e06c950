import { cycles, impurities, importsOf, modules, textOf } from "./imports";

interface Folder {
  /** The folders of ours that its modules import, also dynamically and as types only. */
  readonly to: readonly string[];
  readonly builtins: readonly string[];
  readonly packages: readonly string[];
}

const PURE = { builtins: [] };

/**
 * The product: arrows point down this list. A pure folder has no builtin of Node.js. What stands here is
 * in use: an allowance that nobody needs is refused, too.
 */
const FOLDERS: Readonly<Record<string, Folder>> = {
  "": { to: ["components", "config", "contract"], builtins: [], packages: ["@pulumi/pulumi"] },
  components: {
    to: ["config", "contract", "hypervisor", "parse", "render", "workstation"],
    builtins: [
      "node:child_process",
      "node:crypto",
      "node:fs",
      "node:fs/promises",
      "node:os",
      "node:path",
      "node:stream/consumers",
    ],
    packages: ["@pulumi/command", "@pulumi/libvirt", "@pulumi/pulumi", "@pulumi/random"],
  },
  operate: {
    to: ["config", "contract", "hypervisor", "parse", "render", "workstation"],
    builtins: [
      "node:child_process",
      "node:crypto",
      "node:dns/promises",
      "node:fs",
      "node:fs/promises",
      "node:http",
      "node:net",
      "node:os",
      "node:path",
      "node:readline",
      "node:readline/promises",
      "node:stream",
      "node:stream/consumers",
      "node:stream/promises",
      "node:timers/promises",
      "node:util",
      "node:zlib",
    ],
    packages: ["esbuild", "prom-client", "zod"],
  },
  hypervisor: {
    to: ["config", "contract", "parse", "render", "workstation"],
    builtins: [
      "node:child_process",
      "node:crypto",
      "node:fs",
      "node:fs/promises",
      "node:os",
      "node:path",
      "node:readline",
      "node:stream",
      "node:stream/promises",
      "node:timers/promises",
    ],
    packages: [],
  },
  workstation: { to: [], builtins: ["node:crypto", "node:os", "node:path"], packages: [] },
  render: { ...PURE, to: ["config", "contract"], packages: ["yaml", "zod"] },
  parse: { ...PURE, to: ["config", "contract"], packages: [] },
  contract: { ...PURE, to: ["config"], packages: ["zod"] },
  config: { ...PURE, to: [], packages: ["ipaddr.js", "yaml", "zod"] },
};

/** Run by a script or by `npm run docs`, or found by its name: nobody imports them. */
const ENTRIES = [
  /^index\.ts$/,
  /^components\/stackTraces\.ts$/,
  /^operate\/cli\.ts$/,
  /^operate\/(commands|handlers)\/\w+\.ts$/,
  /^operate\/serve\/assets\/client\/main\.ts$/,
  /^render\/reference\/\w+\.ts$/,
  /^contract\/documents\/index\.ts$/,
];

const all = modules();
const product = all.filter(({ folder }) => Object.hasOwn(FOLDERS, folder));
const isBuiltin = (name: string): boolean => name.startsWith("node:");
const folderOf = (path: string): string => all.find((one) => one.path === path)?.folder ?? "?";
const sorted = (names: Iterable<string>): string[] => [...new Set(names)].sort();

describe.each(Object.entries(FOLDERS))("the modules of %p", (folder, allowed) => {
  const mine = product.filter((one) => one.folder === folder);

  it("import these folders, and no other", () => {
    const to = mine.flatMap(({ ours }) => ours.map(folderOf)).filter((one) => one !== folder);
    expect(sorted(to)).toEqual(allowed.to);
  });

  it("import these builtins of Node.js, and no other", () => {
    const builtins = mine.flatMap(({ others }) => others.filter(isBuiltin));
    expect(sorted(builtins)).toEqual(allowed.builtins);
  });

  it("import these packages, and no other", () => {
    const packages = mine.flatMap(({ others }) => others.filter((one) => !isBuiltin(one)));
    expect(sorted(packages)).toEqual(allowed.packages);
  });
});

it("no folder of product code is missing in the list", () => {
  const known = [...Object.keys(FOLDERS), "bench", "lab", "test"];
  expect(sorted(all.map(({ folder }) => folder))).toEqual(known.sort());
});

it("no modules import each other in a circle, also not as types", () => {
  expect(cycles(all)).toEqual([]);
});

it("every module of the product is used by the product, not by its tests alone", () => {
  const used = new Set(all.filter(({ folder }) => folder !== "test").flatMap(({ ours }) => ours));
  const orphans = product.filter(
    ({ path }) => !used.has(path) && !ENTRIES.some((entry) => entry.test(path)),
  );
  expect(orphans.map(({ path }) => path)).toEqual([]);
});

// One that is missing there is translated file by file at the start of every update.
it("the loader of the stack's program knows every folder that the program is made of", () => {
  const reached = new Set(["index.ts"]);
  for (const path of reached) {
    for (const next of all.find((one) => one.path === path)?.ours ?? []) reached.add(next);
  }
  const [, list = ""] =
    /^const FOLDERS = \[([^\]]*)\];$/m.exec(textOf("components/load.cjs")) ?? [];
  const known = [...list.matchAll(/"(\w+)"/g)].map(([, folder]) => folder);
  const folders = sorted([...reached].map(folderOf)).filter((folder) => folder !== "");
  expect(known).toEqual(folders);
});

it("pure modules ask neither the process nor the clock nor chance", () => {
  const pure = product.filter(({ folder }) => FOLDERS[folder]?.builtins === PURE.builtins);
  expect(pure.flatMap(({ path }) => impurities(path, textOf(path)))).toEqual([]);
});

describe("the check itself", () => {
  it("sees every form of an import", () => {
    const forms = [
      'import a from "./a";',
      'import type { B } from "./b";',
      'export type { C } from "./c";',
      'const d = import("./d");',
      'let e: import("./e").E;',
      'import "./f";',
      'const g = require("./g");',
    ];
    const names = ["./a", "./b", "./c", "./d", "./e", "./f", "./g"];
    expect(sorted(importsOf(forms.join("\n")))).toEqual(names);
  });

  it("sees a circle of any length, and no circle where two ways lead to one module", () => {
    const graph = { a: ["b", "c"], b: ["d"], c: ["d"], d: [], e: ["f"], f: ["g"], g: ["e"] };
    const nodes = Object.entries(graph).map(([path, ours]) => ({ path, ours }));
    expect(cycles(nodes)).toEqual([["e", "f", "g"]]);
  });

  it("sees what is not pure, and not a key of the same name", () => {
    const impure = "process.env; Date.now(); Math.random(); new Date();";
    expect(impurities("a", impure)).toEqual([
      "a:1: process",
      "a:1: Date.now",
      "a:1: Math.random",
      "a:1: new Date()",
    ]);
    expect(impurities("a", "x.process; ({ process: 1 }); new Date(0); Date.parse(y);")).toEqual([]);
  });
});
