import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What OpenBSD itself printed: openbsd/README.md. */
export function printed(name: string): string {
  return readFileSync(join(__dirname, "openbsd", `${name}.txt`), "utf8");
}
