import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Where the gateway has it. */
export const GWCTL = "/usr/local/sbin/gwctl";

const PARTS = join(__dirname, "../../gateway/gwctl.d");

/** The script that is installed: the parts, in the order of their names. */
export function gwctlScript(): string {
  return readdirSync(PARTS)
    .filter((name) => name.endsWith(".ksh"))
    .sort()
    .map((name) => readFileSync(join(PARTS, name), "utf8"))
    .join("");
}
