import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { outputOn } from "../verify/namespaces";
import { type Outputs, bareAddress } from "./outputs";

const PATIENCE_MS = 20_000;

/** What a command on the stack's gateway prints; empty when the gateway cannot be reached. */
export async function askGateway(
  { address, hostKey }: NonNullable<Outputs["gateway"]>,
  identity: string,
  command: string,
): Promise<string> {
  const host = bareAddress(address);
  const directory = mkdtempSync(join(tmpdir(), "lab-ssh-"));
  const knownHosts = join(directory, "known_hosts");
  writeFileSync(knownHosts, `${host} ${hostKey}\n`);
  const options = [
    ...["-F", "none", "-i", identity, "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes"],
    ...["-o", `UserKnownHostsFile=${knownHosts}`, "-o", "StrictHostKeyChecking=yes"],
    ...["-o", "ConnectTimeout=10", "-o", "LogLevel=ERROR"],
  ];
  try {
    return await outputOn("hv", ["ssh", ...options, `root@${host}`, command], {
      timeout: PATIENCE_MS,
      complaints: "inherit",
    });
  } finally {
    rmSync(directory, { recursive: true });
  }
}
