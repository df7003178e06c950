import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { stackKeys } from "../../../config/schema";
import { stackSchema } from "../../../render/reference/stackSchema";

export { table } from "../../../render/reference/table";

export const ROOT = join(__dirname, "../../..");

export const NAMESPACE = "openbsd-ipsec-gateway";

/** schema/stack.schema.json; `verify` and `promote` write the two other keys. */
export const schemaNow = () => stackSchema(stackKeys, NAMESPACE, ["proof", "retained"]);

/** `npm run docs` writes what is generated now; read the diff before commit. */
const update = process.env.UPDATE_DOCS === "1";

export const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");

/** The lines between two markers of a page in docs/; with UPDATE_DOCS=1 they are written first. */
export function section(page: string, name: string, wanted: string): string {
  const marks = new RegExp(`(<!-- ${name}: begin[^>]*-->\n)([^]*?)(<!-- ${name}: end -->)`);
  return between(`docs/${page}`, marks, `\n${wanted}\n\n`).trim();
}

/** The same in a file whose comments begin with #. */
export function block(file: string, name: string, wanted: string): string {
  const marks = new RegExp(`(# ${name}: begin.*\n)([^]*?)(# ${name}: end)`);
  return between(file, marks, `${wanted}\n\n`).trim();
}

function between(file: string, marks: RegExp, wanted: string): string {
  if (update) {
    const fill = (_all: string, begin: string, _old: string, end: string) => begin + wanted + end;
    writeFileSync(join(ROOT, file), read(file).replace(marks, fill));
  }
  return marks.exec(read(file))?.[2] ?? "";
}

/** A file that is generated as a whole. */
export function whole(file: string, wanted: string): string {
  if (update) {
    mkdirSync(dirname(join(ROOT, file)), { recursive: true });
    writeFileSync(join(ROOT, file), wanted);
  }
  return existsSync(join(ROOT, file)) ? read(file) : "";
}
