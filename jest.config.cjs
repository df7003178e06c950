// Everything that needs no root and no lab. The end-to-end tests have their own configuration.
const { availableParallelism } = require("node:os");

const swc = {
  "^.+\\.ts$": [
    "@swc/jest",
    { jsc: { parser: { syntax: "typescript" }, target: "es2022" }, module: { type: "commonjs" } },
  ],
};

module.exports = {
  testEnvironment: "node",
  roots: ["<rootDir>/test", "<rootDir>/lab"],
  testMatch: ["**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/", "/test/e2e/"],
  // Tests of limits, locks and daemons mostly wait: with as many workers as processors, those idle meanwhile.
  // As a number, because jest takes a percentage above 100 for a count.
  maxWorkers: Math.ceil(1.5 * availableParallelism()),
  // Programs that a test starts wait for a processor beside other work.
  testTimeout: 30_000,
  transform: swc,
  // A dynamic import names the compiled file; here there is none.
  moduleNameMapper: { "^(\\.{1,2}/.*)\\.js$": "$1" },
  modulePathIgnorePatterns: ["<rootDir>/.toolchain", "<rootDir>/.lab"],
};
