import parts from "./parts.cjs";

const part = process.env.MUTATION_PART;
if (!(part in parts)) {
  throw new Error(`${part}: no such part: write one of ${Object.keys(parts).join(", ")}`);
}
const folder = `.lab/mutation/${part}`;
const sampled = Boolean(process.env.MUTATION_COUNT);

export default {
  mutate: parts[part].mutate,
  testRunner: "mocha",
  plugins: [
    import.meta.resolve("@stryker-mutator/mocha-runner"),
    import.meta.resolve("./sample.mjs"),
  ],
  checkers: sampled ? ["sample"] : [],
  // Commands load what they run by import(), which tsx/cjs does not see.
  testRunnerNodeArgs: ["--import", "tsx"],
  mochaOptions: { spec: ["test/mutation/load.cjs"] },
  coverageAnalysis: "perTest",
  // Tables and forms that are made once at the start: each would need all tests again.
  ignoreStatic: true,
  // Conditions, operators, calls and regular expressions. Texts and literals have goldens, and a block that is
  // emptied is found wherever its condition is.
  mutator: {
    excludedMutations: ["StringLiteral", "ObjectLiteral", "ArrayDeclaration", "BlockStatement"],
  },
  ignorePatterns: [".toolchain", ".lab", "sdks", "docs", "examples", "lab", "bench", "test/e2e"],
  disableTypeChecks: false,
  concurrency: 1,
  timeoutMS: 120_000,
  incremental: !sampled,
  incrementalFile: `${folder}/incremental.json`,
  tempDirName: `${folder}/tmp`,
  reporters: ["progress-append-only", "clear-text", "json"],
  clearTextReporter: { logTests: false, allowColor: false },
  jsonReporter: { fileName: `${folder}/report.json` },
  allowEmpty: false,
};
