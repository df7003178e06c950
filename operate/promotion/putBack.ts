import { z } from "zod";
import { Refusal } from "../command";
import { runRemote } from "../ssh/connection";
import { gatewayTarget } from "../ssh/target";
import { readOutputs } from "../stack/outputs";
import type { StackSelection } from "../stack/pulumi";
import { changeState, exportState } from "../stack/state";
import { type Change, withResourcesOf } from "./ownResources";

const exported = z.object({
  deployment: z.object({
    resources: z.array(
      z.object({
        urn: z.string(),
        inputs: z
          .object({ create: z.unknown(), update: z.unknown(), stdin: z.unknown() })
          .partial()
          .optional(),
      }),
    ),
  }),
});

/**
 * Gives the state a tunnel's resources of before, and runs their steps on the gateway as they were.
 *
 * @throws Refusal if something was deployed meanwhile: nothing is put back then
 */
export async function putBack(selection: StackSelection, change: Change): Promise<void> {
  await changeState(selection, (now) => withResourcesOf(change, now));
  const plain = await exportState(selection, ["--show-secrets"]);
  const { gateway } = await readOutputs(selection);
  for (const { urn, inputs } of exported.parse(JSON.parse(plain)).deployment.resources) {
    if (!change.urns.includes(urn) || inputs?.stdin === undefined) continue;
    const command = text(inputs.update ?? inputs.create);
    const { status, stderr } = await runRemote(gatewayTarget(gateway), command, {
      input: text(inputs.stdin),
      signal: selection.signal,
    });
    if (status !== 0) {
      throw new Refusal(
        `the tunnel cannot be put back (${stderr.trim()}): write its old values and run pulumi up`,
      );
    }
  }
}

/** An input as an export with --show-secrets has it: plain, or wrapped with its JSON in it. */
function text(input: unknown): string {
  if (typeof input === "string") return input;
  const secret = z.object({ plaintext: z.string() }).parse(input);
  return z.string().parse(JSON.parse(secret.plaintext));
}
