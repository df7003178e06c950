// Everything that needs no root and no lab. The end-to-end tests have their own configuration.
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
  // One less than the processors leaves the second of two idle.
  maxWorkers: "100%",
  transform: swc,
  // A dynamic import names the compiled file; here there is none.
  moduleNameMapper: { "^(\\.{1,2}/.*)\\.js$": "$1" },
  modulePathIgnorePatterns: ["<rootDir>/.toolchain", "<rootDir>/.lab"],
};
