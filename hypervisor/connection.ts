import { createHash } from "node:crypto";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { readHypervisorUri } from "../config/hypervisorUri";
import { PROGRAM, stateDirectory } from "../workstation/paths";

/** A hypervisor as the stack declares it. */
export interface Declared {
  readonly uri: string;
  /** The only key that it may show. Default: those in known_hosts. */
  readonly hostKey?: string | undefined;
}

/** The program that libvirt calls for SSH; what it insists on stands in files beside it. */
export const SSH_PROGRAM = readFileSync(join(PROGRAM, "scripts/lib/hypervisor-ssh"), "utf8");

const pinned = new Map<string, string>();

/** From here on this process takes nothing but that key for the hypervisor's. */
export function pin({ uri, hostKey }: Declared): void {
  if (hostKey !== undefined) pinned.set(uri, hostKey);
}

/** Such a URI would lead elsewhere than the stack may go. */
export class RefusedUri extends Error {}

/**
 * How virsh is to connect. Over SSH by a program that insists on a known host key, and notices when the
 * other end is gone.
 *
 * @throws RefusedUri for a URI that a stack may not use
 */
export function connectionTo(uri: string): string {
  const program = sshProgram(uri);
  if (program === undefined) return uri;
  return `${uri}${uri.includes("?") ? "&" : "?"}command=${encodeURIComponent(program)}`;
}

/**
 * The program to call instead of ssh(1) for this hypervisor; undefined where it is this machine. It stays
 * there: what a command leaves behind to tidy up may outlive it.
 *
 * @throws RefusedUri
 */
export function sshProgram(uri: string): string | undefined {
  const read = readHypervisorUri(uri);
  if ("what" in read) throw new RefusedUri(`${uri}: ${read.what}: ${read.fix}`);
  if (read.ssh === undefined) return undefined;
  const hostKey = pinned.get(uri);
  const files = new Map([
    ["ssh", SSH_PROGRAM],
    ["known", `${read.ssh.knownHosts ?? ""}\n`],
    ...(hostKey === undefined ? [] : [["known_hosts", `hypervisor ${hostKey}\n`] as const]),
  ]);
  const hash = createHash("sha256")
    .update(JSON.stringify([...files]))
    .digest("hex");
  const directory = join(stateDirectory(), "hypervisors", hash.slice(0, 32));
  place(directory, files);
  return join(directory, "ssh");
}

/** Whole or not at all, as others may use it at this moment; an older one may have been changed. */
function place(directory: string, files: ReadonlyMap<string, string>): void {
  if (holds(directory, files)) return;
  mkdirSync(join(directory, ".."), { recursive: true, mode: 0o700 });
  const made = mkdtempSync(`${directory}.`);
  for (const [name, text] of files) writeFileSync(join(made, name), text, { mode: 0o600 });
  chmodSync(join(made, "ssh"), 0o700);
  try {
    rmSync(directory, { recursive: true, force: true });
    renameSync(made, directory);
  } catch (error) {
    rmSync(made, { recursive: true, force: true });
    if (!holds(directory, files)) throw error;
  }
}

function holds(directory: string, files: ReadonlyMap<string, string>): boolean {
  try {
    return [...files].every(([name, text]) => readFileSync(join(directory, name), "utf8") === text);
  } catch {
    return false;
  }
}
