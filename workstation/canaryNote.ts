import { createHash } from "node:crypto";
import { join } from "node:path";
import { projectDirectory, stateDirectory } from "./paths";

/**
 * Where `./scripts/gateway promote` notes, on the machine that it runs on, that one tunnel of a stack is
 * changed and watched. A note that is there while no such command runs is one of a command that was
 * killed.
 */
export function canaryNoteFile(stack: string): string {
  const mine = createHash("sha256").update(projectDirectory()).digest("hex").slice(0, 8);
  return join(stateDirectory(), `${stack}-canary-${mine}.json`);
}
