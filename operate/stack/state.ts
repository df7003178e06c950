import { z } from "zod";
import { Refusal } from "../command";
import { pulumi, runPulumi, type StackSelection } from "./pulumi";

/** @param more `--show-secrets`: the text is then a secret */
export async function exportState(
  selection: StackSelection,
  more: readonly string[] = [],
): Promise<string> {
  const { status, stdout, stderr } = await pulumi(["stack", "export", ...more], selection);
  if (status !== 0) throw new Refusal(`the stack cannot be exported: ${stderr.trim()}`);
  return stdout;
}

/**
 * Writes what `change` makes of a stack's state as it is now. The engine has a lock for one write, not
 * for reading, changing and writing. So the state is read again just before it is written, the engine
 * refuses to write while an update runs, and afterwards its history shows whether one ended in between.
 *
 * @param change may refuse; nothing is written then
 * @throws Refusal if the state changed meanwhile, or cannot be written
 */
export async function changeState(
  selection: StackSelection,
  change: (state: string) => string | Promise<string>,
): Promise<void> {
  const update = await latestUpdate(selection);
  const before = await exportState(selection);
  const wanted = await change(before);
  if ((await exportState(selection)) !== before) {
    throw new Refusal(
      `stack ${selection.stack ?? ""} was changed in this moment by another update: nothing was ` +
        "written; wait for that to end, and run this again",
    );
  }
  const imported = await pulumi(["stack", "import"], selection, wanted);
  if (imported.status !== 0) {
    throw new Refusal(`the state cannot be written: ${imported.stderr.trim().slice(-500)}`);
  }
  if ((await latestUpdate(selection)) !== update) {
    throw new Refusal(
      `an update of stack ${selection.stack ?? ""} ended while its state was written: what that ` +
        "update did may be missing from the state: run pulumi up, and look at its preview first",
    );
  }
}

const history = z.array(
  z.object({
    kind: z.string(),
    version: z.number().optional(),
    startTime: z.string().optional(),
    endTime: z.string().optional(),
  }),
);

/** What the engine's history names last. Some backends have imports in it, ours among them. */
async function latestUpdate(selection: StackSelection): Promise<string> {
  const json = await runPulumi(["stack", "history", "--json", "--page-size", "10"], selection);
  const found = history.parse(JSON.parse(json === "" ? "[]" : json));
  return JSON.stringify(found.find(({ kind }) => kind !== "import") ?? "none");
}
