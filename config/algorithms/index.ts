import type { Daemon } from "../schema";
import type { Discouraged, Kind, Phase } from "./row";
import { ciphers, groups, TABLES } from "./table";

export type { Discouraged, Kind, Phase } from "./row";
export type { CipherName, GroupName, HashName } from "./table";

/** What an algorithm is used for: protecting IKE itself (phase 1) or the packets (phase 2, ESP). */
export type Role =
  "ikeEncryption" | "ikeIntegrity" | "ikeGroup" | "espEncryption" | "espIntegrity" | "espGroup";

/** The kind of algorithm that stands in the role. */
export function kindOf(role: Role): Kind {
  if (role.endsWith("Group")) return "group";
  return role.endsWith("Integrity") ? "hash" : "encryption";
}

function phaseOf(role: Role): Phase {
  return role.startsWith("ike") ? "ike" : "esp";
}

/** Why the algorithm is refused whatever the daemon says, or undefined if it is not. */
export function refusal(algorithm: string): string | undefined {
  for (const table of Object.values(TABLES)) {
    const row = table.get(algorithm);
    if (row && "refused" in row) return row.refused;
  }
  return undefined;
}

/**
 * Everything weaker than profile `compat` that a daemon would still take, the earliest voice first.
 * What gives no protection at all is refused altogether.
 */
export const DISCOURAGED: ReadonlyMap<string, readonly Discouraged[]> = new Map(
  Object.values(TABLES).flatMap((table) =>
    [...table].flatMap(([name, row]) =>
      "discouraged" in row && row.discouraged.length > 0 ? [[name, row.discouraged] as const] : [],
    ),
  ),
);

/** The declared names the daemon can use for the role. */
export function supported(daemon: Daemon, role: Role): string[] {
  return [...TABLES[kindOf(role)]]
    .filter(([, row]) => !("refused" in row) && row[daemon]?.for.includes(phaseOf(role)))
    .map(([name]) => name);
}

/**
 * The daemon's own word for a declared algorithm.
 * @throws RangeError if the daemon does not know it; rule GW041 has refused it before.
 */
export function wordFor(daemon: Daemon, role: Role, algorithm: string): string {
  const known = TABLES[kindOf(role)].get(algorithm)?.[daemon];
  if (!known?.for.includes(phaseOf(role))) {
    throw new RangeError(`${daemon} has no ${role} ${algorithm}`);
  }
  return known.words[0];
}

/** Whether the cipher authenticates by itself, so that an integrity algorithm must not be given. */
export function isAead(encryption: string): boolean {
  return ciphers.get(encryption)?.aead ?? false;
}

/** Whether the cipher's blocks are of 64 bits, so that little may be sent with one key. */
export function is64BitBlock(encryption: string): boolean {
  return ciphers.get(encryption)?.blockBits === 64;
}

/** The number by which most devices name a group, or undefined if IANA gave it none. */
export function groupNumber(group: string): number | undefined {
  const number = groups.get(group)?.iana;
  return typeof number === "number" ? number : undefined;
}

/** The algorithm as an engineer on the other side writes it. */
export function titleOf(kind: "encryption" | "hash", algorithm: string): string {
  const row = TABLES[kind].get(algorithm);
  return row && "title" in row ? row.title : algorithm.toUpperCase();
}
