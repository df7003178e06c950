import { homedir } from "node:os";
import { resolve } from "node:path";
import type { SshTarget } from "../../render/sshArguments";
import type { SshOutput } from "../../contract/perimeter";
import type { GatewayOutput } from "../../contract/stackOutputs";
import { PROGRAM } from "../../workstation/paths";

export type { SshTarget };

export function gatewayTarget({
  name,
  address,
  hostKey,
  ssh,
}: Pick<GatewayOutput, "name" | "address" | "hostKey" | "ssh">): SshTarget {
  return hostTarget(name, { ...ssh, host: address, hostKey });
}

/** A machine that the stack reaches, by the keys it pinned and the jump host it goes through. */
export function hostTarget(name: string, { proxy, ...ssh }: SshOutput): SshTarget {
  const one = (called: string, from: Omit<SshOutput, "proxy">): SshTarget => ({
    name: called,
    host: from.host,
    port: from.port,
    user: from.user,
    hostKey: from.hostKey,
    identityFile: from.identityFile === undefined ? undefined : pathOf(from.identityFile),
  });
  const target = one(name, ssh);
  return proxy === undefined ? target : { ...target, jump: one(`${name}-proxy`, proxy) };
}

/** As the stack reads it: `~` is the operator's home, and a relative path counts from the program. */
function pathOf(file: string): string {
  return file.startsWith("~/") ? homedir() + file.slice(1) : resolve(PROGRAM, file);
}
