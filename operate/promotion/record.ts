import { type Proof, provable } from "../../contract/proof";
import { Refusal } from "../command";
import { diagnosticsOf } from "../stack/diagnostics";
import { pulumi } from "../stack/pulumi";

const KEY = "proof";

/**
 * Writes down that the stack was proven now, as it was last deployed: into its configuration, and by
 * an update that changes nothing else into its output `proof`, where other stacks read it.
 *
 * @throws Refusal if one of the two fails
 */
export async function recordProof(stack: string, at: Date, signal: AbortSignal): Promise<Proof> {
  const { status, stdout, stderr } = await pulumi(
    ["stack", "output", "provable", "--json", "--non-interactive"],
    { stack, signal },
  );
  const parsed = status === 0 ? provable.safeParse(JSON.parse(stdout)) : undefined;
  if (parsed?.success !== true) {
    throw new Refusal(
      `the proof cannot be recorded: ${stderr.trim() || "bring the stack up first"}`,
    );
  }
  const proof: Proof = { at: at.toISOString(), ...parsed.data };
  const values = Object.entries(proof).flatMap(([key, value]) => [
    "--plaintext",
    `${KEY}.${key}=${value}`,
  ]);
  await must(["config", "set-all", "--path", ...values], stack, signal);
  await must(["up", "--yes", "--skip-preview", "--non-interactive"], stack, signal);
  return proof;
}

async function must(args: readonly string[], stack: string, signal: AbortSignal): Promise<void> {
  const { status, stderr, stdout } = await pulumi(args, { stack, signal });
  if (status === 0) return;
  throw new Refusal(`the proof cannot be recorded: ${diagnosticsOf(stdout, stderr)}`);
}
