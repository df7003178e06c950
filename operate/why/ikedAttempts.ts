import type { LogLine } from "../../parse/daemonLog";
import type { DeclaredTunnel } from "../stack/outputs";
import { has } from "./evidence";

/** One IKE SA in the log, from its first message to its end. */
export interface Attempt {
  readonly spi: string;
  readonly role: "initiator" | "responder";
  readonly lines: readonly LogLine[];
  readonly established: boolean;
}

/**
 * The negotiations of one tunnel that iked's log tells of, oldest first. A line belongs to one by its
 * SPI; a line without an SPI by the line before it, where both are of the same second.
 */
export function attemptsOf(log: readonly LogLine[], tunnel: DeclaredTunnel): Attempt[] {
  const groups = new Map<string, LogLine[]>();
  let last: LogLine | undefined;
  for (const line of log) {
    if (line.program !== "iked") continue;
    const spi = line.spi ?? (last?.stamp === line.stamp ? last.spi : undefined);
    if (spi === undefined || line.message.startsWith("ikev2_init_ike_sa: ")) continue;
    const group = groups.get(spi);
    if (group) group.push(line);
    else groups.set(spi, [line]);
    last = { ...line, spi };
  }
  return [...groups]
    .filter(([, lines]) => belongs(lines, tunnel))
    .map(([spi, lines]) => ({
      spi,
      role: has(lines, /^recv IKE_SA_INIT req /) ? "responder" : "initiator",
      lines,
      established: has(lines, /^(?:\w+: )?established peer /),
    }));
}

/** By the policy that iked took, or where it names none by the peer's address. */
function belongs(lines: readonly LogLine[], { name, peer }: DeclaredTunnel): boolean {
  const policies = lines.flatMap(({ message }) => / policy '([^']*)'/.exec(message)?.[1] ?? []);
  if (policies.length > 0) return policies.includes(name);
  return lines.some(
    ({ message }) => message.includes(` peer ${peer}:`) || message.includes(` peer [${peer}]:`),
  );
}
