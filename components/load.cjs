// What node loads before the stack's program, as Pulumi.yaml asks (runtime.options.nodeargs).
//
// Pulumi's own way of running TypeScript checks the types of the whole program at its start, for many
// seconds, whenever a file changed. Here esbuild translates all files in one go and checks nothing;
// `npm run typecheck` does.
"use strict";
const { buildSync } = require("esbuild");
const { readdirSync } = require("node:fs");
const Module = require("node:module");
const { dirname, join } = require("node:path");

const ROOT = join(__dirname, "..");
const FOLDERS = [
  "components",
  "config",
  "contract",
  "hypervisor",
  "parse",
  "render",
  "workstation",
];

const texts = new Map();

function translate(entryPoints, folder) {
  const { outputFiles } = buildSync({
    entryPoints,
    outbase: folder,
    outdir: folder,
    format: "cjs",
    platform: "node",
    target: "node20",
    sourcemap: "inline",
    sourcesContent: false,
    write: false,
  });
  for (const { path, text } of outputFiles) texts.set(path.replace(/\.js$/, ".ts"), text);
}

function filesBelow(folder) {
  return readdirSync(join(ROOT, folder), { recursive: true })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(ROOT, folder, name));
}

translate([join(ROOT, "index.ts"), ...FOLDERS.flatMap(filesBelow)], ROOT);

Module._extensions[".ts"] = (module, filename) => {
  if (!texts.has(filename)) translate([filename], dirname(filename));
  module._compile(texts.get(filename), filename);
};

// The SDK installs the same module to map the lines of errors. It also makes an error without a
// message for each resource and each promise, only to keep its stack: with hundreds of tunnels these
// stacks, mapped line by line, take more time than all the rest.
const sdk = Module.createRequire(require.resolve("@pulumi/pulumi"));
sdk("source-map-support").install({ retrieveFile: (path) => texts.get(path) ?? null });
const { withPackage } = require("./stackTraces.ts");
const mapped = Error.prepareStackTrace;
Error.prepareStackTrace = (error, frames) =>
  error.message === "" ? String(error) : withPackage(mapped(error, frames));
