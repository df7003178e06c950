const all = require("../../jest.config.cjs");
const { folders, tests } = require("./parts.cjs")[process.env.MUTATION_PART];

// Stryker starts jest anew for each change, so it crawls no more than it has to.
module.exports = {
  ...all,
  rootDir: "../..",
  roots: folders.map((folder) => `<rootDir>/test/${folder}`),
  testMatch: tests.map((name) => `**/${name}.test.ts`),
  watchman: false,
};
