import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { readHypervisorUri } from "../../config/hypervisorUri";
import type { Problem } from "../../config/load";
import type { Hypervisor } from "../../config/schema";

/** Files in which ssh(1) looks for a hypervisor's host key; libvirt's provider reads the first only. */
const SYSTEM_FILES = ["/etc/ssh/ssh_known_hosts", "/etc/ssh/ssh_known_hosts2"];

/**
 * What keeps `hypervisor.hostKey` from being the only key that the hypervisor may show. Whatever connects
 * to it (ssh, libvirt, its provider) believes the keys that known_hosts has, and no other: so the declared
 * one has to stand there, and nothing else.
 *
 * @param system the files of this machine that count beside the operator's
 */
export function hostKeyProblems(
  { uri, hostKey }: Pick<Hypervisor, "uri" | "hostKey">,
  system: readonly string[] = SYSTEM_FILES,
): Problem[] {
  const read = readHypervisorUri(uri);
  if (hostKey === undefined || "what" in read || read.ssh === undefined) return [];
  const { host, port, knownHosts } = read.ssh;
  const own = (knownHosts ?? "~/.ssh/known_hosts")
    .replaceAll("${HOME}", homedir())
    .replace(/^~(?=\/)/, homedir());
  const name = port === undefined || port === "22" ? host : `[${host}]:${port}`;
  const known = keysOf(own, name);
  const others = [...known, ...system.flatMap((file) => keysOf(file, name))].filter(
    (key) => key !== hostKey,
  );
  const problem = (message: string, fix: string): Problem[] => [
    { code: "GW003", path: "hypervisor.hostKey", message, fix },
  ];
  if (others.length > 0) {
    const kinds = others.map((key) => key.split(" ", 1)[0]).join(", ");
    return problem(
      `is not the only key of ${name} that this machine accepts (there is also ${kinds})`,
      `take the others away (ssh-keygen -f ${own} -R '${name}'), and leave one line: ${name} ${hostKey}`,
    );
  }
  return known.length > 0
    ? []
    : problem(`is not known for ${name} on this machine`, `add to ${own}: ${name} ${hostKey}`);
}

/** Type and key of each line that speaks of the host, also where its name is hashed. */
function keysOf(file: string, name: string): string[] {
  if (!existsSync(file)) return [];
  const { stdout } = spawnSync("ssh-keygen", ["-f", file, "-F", name], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return stdout.split("\n").flatMap((line) => {
    const words = line.split(" ");
    if (line === "" || line.startsWith("#") || words[0] === "@revoked") return [];
    // An authority's key lets every key in that it has signed.
    if (words[0] === "@cert-authority") return [`${words[0]} ${words.slice(2).join(" ")}`];
    return [words.slice(1, 3).join(" ")];
  });
}
