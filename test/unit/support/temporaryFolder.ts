import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const made: string[] = [];

afterAll(() => {
  for (const path of made) rmSync(path, { recursive: true });
});

/** A new folder, which is gone after the tests of the file. */
export function temporaryFolder(prefix: string): string {
  const path = mkdtempSync(join(tmpdir(), `${prefix}-`));
  made.push(path);
  return path;
}
