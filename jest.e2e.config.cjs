// The end-to-end tests: one lab on the machine, so one worker, in the order of the file names.
const base = require("./jest.config.cjs");

module.exports = {
  ...base,
  roots: ["<rootDir>/test/e2e"],
  testPathIgnorePatterns: ["/node_modules/"],
  testSequencer: "<rootDir>/test/e2e/support/byName.cjs",
  setupFilesAfterEnv: ["<rootDir>/test/e2e/support/untilDeadline.cjs"],
  maxWorkers: 1,
  // What a failed test left running must not keep the report from being read.
  forceExit: true,
  testTimeout: 900_000,
};
