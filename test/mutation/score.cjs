// score.cjs PART…: a line for each part, from the report of its last run.
const { readFileSync } = require("node:fs");

const NOTICED = ["Killed", "Timeout"];
const SURVIVED = ["Survived", "NoCoverage"];
const percent = (share) => `${(100 * share).toFixed(0)} %`;

// Wilson's interval for a share of n, 95 %.
const interval = (k, n) => {
  const z = 1.96;
  const middle = (k / n + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half =
    ((z / (1 + (z * z) / n)) * Math.sqrt((k / n) * (1 - k / n) + (z * z) / (4 * n))) / n ** 0.5;
  return [middle - half, middle + half];
};

for (const part of process.argv.slice(2)) {
  const { files } = JSON.parse(readFileSync(`.lab/mutation/${part}/report.json`, "utf8"));
  const statuses = Object.values(files).flatMap(({ mutants }) =>
    mutants.map(({ status }) => status),
  );
  const number = (...wanted) => statuses.filter((status) => wanted.includes(status)).length;
  const noticed = number(...NOTICED);
  const tried = noticed + number(...SURVIVED);
  const all = statuses.length - number("Ignored");
  const [low, high] = interval(noticed, tried);
  console.log(
    `${part}: ${tried} of ${all} changes tried, ${noticed} noticed (${percent(noticed / tried)}, ` +
      `95 % interval ${percent(low)} to ${percent(high)}), ${number("Timeout")} of these by time-out, ` +
      `${number("NoCoverage")} reached by no test`,
  );
}
