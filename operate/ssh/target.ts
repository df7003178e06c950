import { homedir } from "node:os";
import { resolve } from "node:path";
import type { SshTarget } from "../../render/sshArguments";
import type { GatewayOutput } from "../stack/outputs";
import { PROGRAM } from "../stack/pulumi";

export type { SshTarget };

export function gatewayTarget({ name, address, hostKey, ssh }: GatewayOutput): SshTarget {
  const { user, port, identityFile } = ssh;
  return {
    name,
    host: address,
    port,
    user,
    hostKey,
    identityFile: identityFile === undefined ? undefined : pathOf(identityFile),
  };
}

/** As the stack reads it: `~` is the operator's home, and a relative path counts from the program. */
function pathOf(file: string): string {
  return file.startsWith("~/") ? homedir() + file.slice(1) : resolve(PROGRAM, file);
}
