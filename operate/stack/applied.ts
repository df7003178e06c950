import type { Applied } from "../../contract/applied";
import { stackOutputs } from "../../contract/stackOutputs";
import { Refusal } from "../command";
import { runPulumi, type StackSelection } from "./pulumi";

const outputs = stackOutputs.pick({ applied: true });

/**
 * What the last `pulumi up` left on the gateway. The hashes cover keys: not for output.
 *
 * @throws Refusal as readOutputs, or if the stack was last brought up by a version without it.
 */
export async function readApplied(selection: StackSelection): Promise<Applied> {
  const json: unknown = JSON.parse(
    await runPulumi(["stack", "output", "--json", "--show-secrets"], selection),
  );
  const parsed = outputs.safeParse(json);
  if (!parsed.success) {
    throw new Refusal("the stack does not say what it applied: bring it up to date with pulumi up");
  }
  return parsed.data.applied;
}
