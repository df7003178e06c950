import { Refusal } from "../command";
import { runPulumi, type StackSelection } from "../stack/pulumi";

const PROJECT = "openbsd-ipsec-gateway";

/**
 * Puts keys into the stack's configuration, encrypted; one that is set already stays as it is. The
 * values go over standard input.
 *
 * @returns the names that were set already
 * @throws Refusal with the engine's reason
 */
export async function setSecrets(
  keys: ReadonlyMap<string, string>,
  selection: StackSelection,
): Promise<string[]> {
  const present = await configKeys(selection);
  const kept: string[] = [];
  for (const [name, value] of keys) {
    const key = `${PROJECT}:${name}`;
    if (present.has(key)) kept.push(name);
    else await runPulumi(["config", "set", "--secret", key], selection, value);
  }
  return kept;
}

/** The names of all values of the stack; secret ones are not decrypted. */
async function configKeys(selection: StackSelection): Promise<Set<string>> {
  const json = await runPulumi(["config", "--json"], selection);
  try {
    return new Set(Object.keys(JSON.parse(json) as object));
  } catch {
    throw new Refusal("the stack's configuration cannot be read: try pulumi config");
  }
}
