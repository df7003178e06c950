import { runPulumi, type StackSelection } from "../stack/pulumi";

/**
 * Has the steps with these URNs made anew by the next `pulumi up`.
 *
 * @throws Refusal with the engine's words.
 */
export async function mark(selection: StackSelection, urns: readonly string[]): Promise<void> {
  await runPulumi(["state", "taint", ...urns, "--yes"], selection);
}
