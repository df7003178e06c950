import { homedir } from "node:os";
import { resolve } from "node:path";
import type { GatewayOutput } from "../stack/outputs";
import { PROGRAM } from "../stack/pulumi";

/** A host that is reached over SSH, and the only key it may show. */
export interface SshTarget {
  /** What messages call it. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** Type and key, as in known_hosts. */
  readonly hostKey: string;
  /** Path of the private key. Default: the SSH agent's keys. */
  readonly identityFile?: string | undefined;
  /** A host to go through. Default: straight. */
  readonly jump?: SshTarget | undefined;
}

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
