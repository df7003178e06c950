import parts from "./parts.cjs";

const part = process.env.MUTATION_PART;
if (!(part in parts)) {
  throw new Error(`${part}: no such part: write one of ${Object.keys(parts).join(", ")}`);
}
const folder = `.lab/mutation/${part}`;

export default {
  mutate: parts[part].mutate,
  testRunner: "jest",
  plugins: [import.meta.resolve("@stryker-mutator/jest-runner")],
  jest: { configFile: "test/mutation/jest.config.cjs", enableFindRelatedTests: false },
  coverageAnalysis: "perTest",
  // Tables and forms that are made once at the start: each would need all tests again.
  ignoreStatic: true,
  // Conditions, operators, calls and regular expressions. Texts and literals have goldens, and a block that is
  // emptied is found wherever its condition is.
  mutator: {
    excludedMutations: ["StringLiteral", "ObjectLiteral", "ArrayDeclaration", "BlockStatement"],
  },
  ignorePatterns: [".toolchain", ".lab", "sdks", "docs", "examples"],
  disableTypeChecks: false,
  concurrency: 2,
  timeoutMS: 60_000,
  incremental: true,
  incrementalFile: `${folder}/incremental.json`,
  tempDirName: `${folder}/tmp`,
  reporters: ["progress-append-only", "clear-text", "json"],
  clearTextReporter: { logTests: false, allowColor: false },
  jsonReporter: { fileName: `${folder}/report.json` },
  allowEmpty: false,
};
