import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stateDirectory } from "../../config/places";
import { Refusal } from "../command";
import { virsh } from "../console/virsh";
import { pulumi, runPulumi } from "../stack/pulumi";
import type { Move } from "./move";

/**
 * A stack's state with some values in place of others, wherever they stand alone: the hypervisor's
 * URI and the disk's id. Names, references and secrets are not such values.
 */
export function withValues(state: unknown, values: ReadonlyMap<string, string>): unknown {
  if (typeof state === "string") return values.get(state) ?? state;
  if (Array.isArray(state)) return state.map((one) => withValues(one, values));
  if (typeof state !== "object" || state === null) return state;
  return Object.fromEntries(
    Object.entries(state).map(([key, value]) => [key, withValues(value, values)]),
  );
}

/**
 * Has the stack's state and values name the target, without a resource being touched. What the state
 * was is kept in a file before.
 *
 * @returns that file
 */
export async function repoint(move: Move, now: Date): Promise<string> {
  const { selection, from, to, pool, volume, name } = move;
  const state = await runPulumi(["stack", "export"], selection);
  const backup = await keep(selection.stack, state, now);
  const key = (uri: string): Promise<string> => virsh(uri, "vol-key", "--pool", pool, volume);
  const values = new Map([
    [from, to],
    [await key(from), await key(to)],
  ]);
  const changed = JSON.stringify(withValues(JSON.parse(state), values));
  const failed = (what: string, said: string): Refusal =>
    new Refusal(
      `${name} runs on ${to}, but ${what} (${said.trim().slice(-500)}): run this again; the state of ` +
        `before is in ${backup}`,
    );
  const imported = await pulumi(["stack", "import"], selection, changed);
  if (imported.status !== 0) throw failed("the state does not say so", imported.stderr);
  const set = await pulumi(
    ["config", "set", "--path", "hypervisor.uri", to, "--non-interactive"],
    selection,
  );
  if (set.status !== 0) throw failed("hypervisor.uri does not say so", set.stderr);
  return backup;
}

async function keep(stack: string, state: string, now: Date): Promise<string> {
  const folder = stateDirectory();
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const time = now.toISOString().replace(/[-:]|\.\d+/g, "");
  const file = join(folder, `${stack}-before-migration-${time}.json`);
  await writeFile(file, state, { mode: 0o600 });
  return file;
}
