// main.ts [--json] [--minutes N] [--seed N] [NAME…]: measures, and prints a table of values and ratios of this one run.
import { parseArgs } from "node:util";
import { applies } from "./apply";
import { faults } from "./faults";
import { copying } from "./copy";
import { installation } from "./install";
import { natively } from "./native";
import { previews } from "./preview";
import { pure } from "./pure";
import { type Measurement, table } from "./report";
import { looks } from "./status";
import { serving } from "./serve";

const PARTS: Record<string, () => Measurement[] | Promise<Measurement[]>> = {
  pure,
  install: installation,
  preview: previews,
  apply: applies,
  native: natively,
  status: looks,
  serve: serving,
  copy: copying,
};

/** Takes as long as one likes, so it is not among those that run without a name. */
const FAULTS = "faults";

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: "boolean" },
      minutes: { type: "string", default: "30" },
      seed: { type: "string", default: "1" },
    },
  });
  const soak = () => faults(Number(values.minutes), Number(values.seed));
  const names = positionals.length > 0 ? positionals : Object.keys(PARTS);
  const measurements: Measurement[] = [];
  for (const name of names) {
    const part = name === FAULTS ? soak : PARTS[name];
    if (part === undefined) {
      throw new Error(`no part ${name}: there are ${[...Object.keys(PARTS), FAULTS].join(", ")}`);
    }
    process.stderr.write(`bench: ${name}\n`);
    measurements.push(...(await part()));
  }
  const text = values.json === true ? JSON.stringify(measurements, null, 2) : table(measurements);
  process.stdout.write(`${text}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
