import { createInterface } from "node:readline/promises";
import { Refusal, type Io } from "../command";

/**
 * Asks for the stack's name, unless it was given already.
 *
 * @param what is done to it, after "to"
 * @throws Refusal if it is not confirmed, or there is nobody to ask
 */
export async function confirm(
  stack: string,
  yes: string | undefined,
  what: string,
  io: Io,
): Promise<string> {
  if (yes === stack) return "by --yes";
  if (!io.terminal || !process.stdin.isTTY) {
    throw new Refusal(`there is no terminal to ask on: add --yes ${stack}`);
  }
  const line = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const typed = await line.question(`Type ${stack} to ${what}: `, { signal: io.signal });
    if (typed.trim() === stack) return "by you";
    throw new Refusal("not confirmed, nothing was changed there");
  } finally {
    line.close();
  }
}
