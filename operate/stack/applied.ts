import { z } from "zod";
import type { Applied } from "../../config/applied";
import { Refusal } from "../command";
import { runPulumi, type StackSelection } from "./pulumi";

const steps = z.array(z.string());
const file = z.object({ path: z.string(), sha256: z.string(), mode: z.string(), steps });

const applied = z.object({
  files: z.array(file),
  sysctls: z.object({ values: z.record(z.string(), z.string()), steps }),
  services: z.object({ daemon: z.enum(["iked", "isakmpd"]), steps }),
  watchdog: z.object({ enabled: z.boolean(), steps }),
  ike: z.object({ steps }),
  pf: z.object({ steps }),
  tunnels: z.array(z.object({ name: z.string(), enabled: z.boolean(), files: z.array(file) })),
  packages: z.object({ names: z.array(z.string()), steps }),
  patches: z.object({ policy: z.enum(["off", "report", "apply"]), steps }),
}) satisfies z.ZodType<Applied>;

/**
 * What the last `pulumi up` left on the gateway. The hashes cover keys: not for output.
 *
 * @throws Refusal as readOutputs, or if the stack was last brought up by a version without it.
 */
export async function readApplied(selection: StackSelection): Promise<Applied> {
  const json: unknown = JSON.parse(
    await runPulumi(["stack", "output", "--json", "--show-secrets"], selection),
  );
  const parsed = z.object({ applied }).safeParse(json);
  if (!parsed.success) {
    throw new Refusal("the stack does not say what it applied: bring it up to date with pulumi up");
  }
  return parsed.data.applied;
}
