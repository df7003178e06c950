// main.ts [--json] [NAME…]: measures, and prints a table of values and ratios of this one run.
import { parseArgs } from "node:util";
import { applies } from "./apply";
import { installation } from "./install";
import { previews } from "./preview";
import { pure } from "./pure";
import { type Measurement, table } from "./report";
import { serving } from "./serve";

const PARTS: Record<string, () => Measurement[] | Promise<Measurement[]>> = {
  pure,
  install: installation,
  preview: previews,
  apply: applies,
  serve: serving,
};

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: "boolean" } },
  });
  const names = positionals.length > 0 ? positionals : Object.keys(PARTS);
  const measurements: Measurement[] = [];
  for (const name of names) {
    const part = PARTS[name];
    if (part === undefined) {
      throw new Error(`no part ${name}: there are ${Object.keys(PARTS).join(", ")}`);
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
