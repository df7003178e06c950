import { z } from "zod";
import { Refusal } from "../command";
import { runRemote } from "../ssh/connection";
import { gatewayTarget } from "../ssh/target";
import { readOutputs } from "../stack/outputs";
import { pulumi, type StackSelection } from "../stack/pulumi";

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

export async function exportOf(
  selection: StackSelection,
  more: readonly string[],
): Promise<string> {
  const { status, stdout, stderr } = await pulumi(["stack", "export", ...more], selection);
  if (status !== 0) throw new Refusal(`the stack cannot be exported: ${stderr.trim()}`);
  return stdout;
}

/**
 * Takes a stack's state of before again, and runs the steps on the gateway as they were then.
 *
 * @param sealed that state, with its secrets as the backend keeps them
 */
export async function putBack(
  selection: StackSelection,
  urns: readonly string[],
  sealed: string,
): Promise<void> {
  const imported = await pulumi(["stack", "import"], selection, sealed);
  if (imported.status !== 0) {
    throw new Refusal(`the state cannot be put back: ${imported.stderr.trim()}`);
  }
  const plain = await exportOf(selection, ["--show-secrets"]);
  const { gateway } = await readOutputs(selection);
  for (const { urn, inputs } of exported.parse(JSON.parse(plain)).deployment.resources) {
    if (!urns.includes(urn) || inputs?.stdin === undefined) continue;
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
