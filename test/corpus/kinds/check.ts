import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { gateway } from "../../unit/operate/support/gateway";
import { edited } from "../../unit/support/stack";
import { caseOf, expectSaid, type Folder, inputOf, said } from "./case";

const shape = {
  given: z
    .strictObject({
      /** Laid over the rest of the stack, by dotted paths such as `ike.daemon`. */
      values: z.record(z.string(), z.unknown()).default({}),
    })
    .prefault({}),
  expect: z.strictObject({ status: z.number(), ...said }),
};

/** Tunnels as people write them, in `tunnels.yaml`: what `gateway check` says of such a stack. */
export async function check(folder: Folder): Promise<void> {
  const { given, expect: expected } = caseOf(folder, shape);
  const tunnels: unknown = parse(inputOf(folder, "tunnels.yaml"));
  const values = Object.entries(edited({ ...given.values, tunnels }));
  const project = mkdtempSync(join(tmpdir(), "corpus-"));
  try {
    writeFileSync(join(project, "Pulumi.yaml"), "name: some-name\n");
    const file = join(project, "Pulumi.one.yaml");
    const config = Object.fromEntries(values.map(([key, value]) => [`some-name:${key}`, value]));
    writeFileSync(file, stringify({ config }));
    const { status, out, err } = await gateway(["check", file]);
    expectSaid(`${out}\n${err}`, expected);
    expect(status).toBe(expected.status);
  } finally {
    rmSync(project, { recursive: true });
  }
}
