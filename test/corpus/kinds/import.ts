import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { gateway } from "../../unit/operate/support/gateway";
import { caseOf, expectSaid, type Folder, said } from "./case";

const shape = {
  given: z
    .strictObject({
      /** Further words of the command, such as `[--daemon, iked]`. */
      options: z.array(z.string()).default([]),
    })
    .prefault({}),
  expect: z.strictObject({
    status: z.number(),
    /** What the written tunnels have among others, in their order. */
    tunnels: z.array(z.record(z.string(), z.unknown())).optional(),
    ...said,
  }),
};

/** An old `input.iked.conf` or `input.ipsec.conf`: what `gateway import --dry-run` makes of it. */
export async function importing(folder: Folder): Promise<void> {
  const { given, expect: expected } = caseOf(folder, shape);
  // Other files are what the input includes.
  const files = folder.inputs.filter((name) => name.startsWith("input."));
  const { status, out, err } = await gateway([
    "import",
    ...files.map((name) => join(folder.path, name)),
    ...given.options,
    "--dry-run",
  ]);
  expectSaid(`${out}\n${err}`, expected);
  if (expected.tunnels) expect(tunnelsOf(out)).toMatchObject(expected.tunnels);
  expect(status).toBe(expected.status);
}

function tunnelsOf(text: string): unknown {
  const { config } = parse(text) as { config: Record<string, unknown> };
  return config["openbsd-ipsec-gateway:tunnels"];
}
