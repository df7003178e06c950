import { homedir } from "node:os";
import { join } from "node:path";

/** The program's directory: where relative paths of the stack's values count from. */
export const PROGRAM = join(__dirname, "..");

/** The directory of Pulumi.yaml: the program's, or the one that the variable GATEWAY_PROJECT names. */
export const projectDirectory = (): string => process.env.GATEWAY_PROJECT ?? PROGRAM;

/** Where this user's machine keeps what a command has to find again (XDG Base Directory). */
export function stateDirectory(): string {
  const base = process.env.XDG_STATE_HOME ?? join(homedir(), ".local", "state");
  return join(base, "openbsd-ipsec-gateway");
}
