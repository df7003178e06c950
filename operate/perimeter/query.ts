import { answers, questions, type StateLine } from "../../render/perimeter/marks";
import { Refusal } from "../command";
import { runRemote } from "../ssh/connection";
import type { Machine } from "./machines";

/**
 * What the machine says of each piece, by name, in one SSH connection.
 *
 * @throws Unreachable, or Refusal if its answer leaves out a piece.
 */
export async function queryPieces(
  { target, pieces }: Machine,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly StateLine[]>> {
  const input = questions(new Map(pieces.map(({ name, script }) => [name, script])));
  const { stdout, stderr } = await runRemote(target, "sh -s", { input, signal });
  const answered = answers(stdout);
  if (pieces.every(({ name }) => (answered.get(name) ?? []).length > 0)) return answered;
  const said = stderr.trim().split("\n")[0] ?? "";
  throw new Refusal(
    said ||
      `${target.name} (${target.host}) does not say what is on it: run sh -s there by ssh, and see why it prints nothing`,
  );
}
