import { deployedOutputs, type StackOutputs, stackOutputs } from "../../contract/stackOutputs";
import { formatPath } from "../../config/problems";
import { Refusal } from "../command";
import { runPulumi, type StackSelection } from "./pulumi";

const secrets = stackOutputs.pick({ presharedKeys: true });

/**
 * Reads what the stack last deployed, from whatever backend the project uses. The project is the
 * directory of this clone, or the one that the environment variable GATEWAY_PROJECT names.
 *
 * @throws Refusal if there is no engine, no such stack, no passphrase, or nothing is deployed.
 */
export async function readOutputs(selection: StackSelection): Promise<StackOutputs> {
  return parseOutputs(await stackOutput(selection, []), selection.stack);
}

/**
 * The preshared keys by tunnel name. Secret: for standard input and 0600 files only.
 *
 * @throws Refusal as {@link readOutputs}.
 */
export async function readPresharedKeys(
  selection: StackSelection,
): Promise<Readonly<Record<string, string>>> {
  const json = await stackOutput(selection, ["--show-secrets"]);
  const parsed = secrets.safeParse(JSON.parse(json));
  // The value in question is a secret, so the message says nothing of it.
  if (!parsed.success) throw notDeployed(selection.stack);
  return parsed.data.presharedKeys;
}

function stackOutput(selection: StackSelection, more: readonly string[]): Promise<string> {
  return runPulumi(["stack", "output", "--json", ...more], selection);
}

/**
 * @param json what `pulumi stack output --json` printed
 * @throws Refusal if the outputs are absent or of another version of this program.
 */
export function parseOutputs(json: string, stack?: string): StackOutputs {
  const found: unknown = JSON.parse(json);
  if (typeof found !== "object" || found === null || !("gateway" in found)) {
    throw notDeployed(stack);
  }
  const parsed = deployedOutputs.safeParse(found);
  if (parsed.success) return parsed.data;
  const at = formatPath(parsed.error.issues[0]?.path ?? []);
  throw new Refusal(
    `the stack's output ${at} is not what this version reads: bring it up to date with pulumi up`,
  );
}

function notDeployed(stack: string | undefined): Refusal {
  const which = stack === undefined ? "the selected stack" : `stack ${stack}`;
  return new Refusal(`${which} is not deployed: bring it up with pulumi up`);
}
