import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stateDirectory } from "../../workstation/paths";
import { Refusal } from "../command";
import { virsh } from "../../hypervisor/virsh";
import { pulumi } from "../stack/pulumi";
import { changeState } from "../stack/state";
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
  const key = (uri: string): Promise<string> => virsh(uri, "vol-key", "--pool", pool, volume);
  const values = new Map([
    [from, to],
    [await key(from), await key(to)],
  ]);
  let backup = "";
  const failed = (what: string, said: string): Refusal =>
    new Refusal(
      `${name} runs on ${to}, but ${what} (${said.trim().slice(-500)}): run this again` +
        (backup === "" ? "" : `; the state of before is in ${backup}`),
    );
  try {
    await changeState(selection, async (state) => {
      backup = await keep(selection.stack, state, now);
      return JSON.stringify(withValues(JSON.parse(state), values));
    });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw failed("the state does not say so", error.message);
  }
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
