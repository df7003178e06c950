import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A text for a program that takes a file's name only. */
export async function withFile<Result>(
  text: string,
  use: (file: string) => Promise<Result>,
): Promise<Result> {
  const scratch = await mkdtemp(join(tmpdir(), "gateway-migrate-"));
  try {
    const file = join(scratch, "definition.xml");
    await writeFile(file, text, { mode: 0o600 });
    return await use(file);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
