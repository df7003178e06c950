import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { resolve } from "node:path";
import type { StackConfig } from "../../../config/schema";
import type { Identity } from "../../../contract/adopt";
import { Refusal } from "../../command";
import { PROGRAM } from "../../../workstation/paths";

/** Who a stack's gateway is. */
export function identityOf({ admin, machine, network }: StackConfig): Identity {
  return {
    hostname: machine.name,
    interface: network.interface,
    address: network.address,
    gateway: network.gateway,
    dns: network.dns,
    sshPublicKeys: admin.publicKeys ?? [publicHalf(admin.identityFile)],
  };
}

function publicHalf(identityFile: string | undefined): string {
  if (identityFile === undefined) {
    throw new Refusal("admin.publicKeys: is missing: no one could log in to the copy");
  }
  const file = `${resolve(PROGRAM, identityFile.replace(/^~(?=\/)/, homedir()))}.pub`;
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    throw new Refusal(`admin.identityFile: ${file} cannot be read: write admin.publicKeys`);
  }
}
