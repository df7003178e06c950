import { createHash } from "node:crypto";
import { homedir } from "node:os";
import { join } from "node:path";

/**
 * Where `./scripts/gateway promote` notes, on the machine that it runs on, that one tunnel of a stack is
 * changed and watched. A note that is there while no such command runs is one of a command that was
 * killed.
 */
export function canaryNoteFile(project: string, stack: string): string {
  const base = process.env.XDG_STATE_HOME ?? join(homedir(), ".local", "state");
  const mine = createHash("sha256").update(project).digest("hex").slice(0, 8);
  return join(base, "openbsd-ipsec-gateway", `${stack}-canary-${mine}.json`);
}
