import { spawnOn } from "./namespaces";
import type { Outputs } from "../network/outputs";
import { bareAddress } from "../network/outputs";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PATIENCE_MS = 20_000;

/**
 * SPIs of the ESP associations with a peer, sorted, from `gwctl state`: its section `sas` is the
 * output of `ipsecctl -s sa` (ipsecctl(8)): `esp tunnel from A to B spi 0x… …`.
 */
export function spisWith(peer: string, state: string): string[] {
  const lines = state.matchAll(/^esp (?:tunnel|transport) from (\S+) to (\S+) spi (0x[0-9a-f]+)/gm);
  return [...lines]
    .filter(([, from, to]) => from === peer || to === peer)
    .map(([, , , spi = ""]) => spi)
    .sort();
}

/** The gateway's own view; empty when it cannot be reached. */
export async function gatewayState(
  gateway: NonNullable<Outputs["gateway"]>,
  identity: string,
): Promise<string> {
  const address = bareAddress(gateway.address);
  const directory = mkdtempSync(join(tmpdir(), "lab-ssh-"));
  const knownHosts = join(directory, "known_hosts");
  writeFileSync(knownHosts, `${address} ${gateway.hostKey}\n`);
  const options = [
    ...["-F", "none", "-i", identity, "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes"],
    ...["-o", `UserKnownHostsFile=${knownHosts}`, "-o", "StrictHostKeyChecking=yes"],
    ...["-o", "ConnectTimeout=10", "-o", "LogLevel=ERROR"],
  ];
  try {
    return await outputOf(["ssh", ...options, `root@${address}`, "gwctl state"]);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

async function outputOf(command: string[]): Promise<string> {
  const child = spawnOn("hv", command, {
    stdio: ["ignore", "pipe", "inherit"],
    timeout: PATIENCE_MS,
  });
  let output = "";
  child.stdout?.on("data", (data: Buffer) => (output += data.toString()));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", () => {
      resolve(output);
    });
  });
}
