// Reads jest's JSON report: prints "PASSED FAILED SKIPPED", or with --details one paragraph per
// failed test and one line per skipped one.
const { readFileSync } = require("node:fs");

const details = process.argv[2] === "--details";
const report = JSON.parse(readFileSync(process.argv[details ? 3 : 2], "utf8"));
const broken = report.testResults.filter(
  (f) => f.status === "failed" && !f.assertionResults.length,
);

if (details) {
  for (const file of broken) {
    console.log(`${file.name}\n${file.message}\n`);
  }
  for (const test of report.testResults.flatMap((file) => file.assertionResults)) {
    if (test.status === "failed") {
      console.log(`${test.fullName}\n${test.failureMessages.join("\n").slice(0, 4000)}\n`);
    } else if (test.status !== "passed") {
      console.log(`SKIPPED ${test.fullName}`);
    }
  }
} else {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = report;
  // A report without a single test is a run that went wrong, not a clean one.
  if (report.numTotalTests === 0) process.exit(1);
  console.log(numPassedTests, numFailedTests + broken.length, numPendingTests + numTodoTests);
}
