import type { LogLine } from "../../parse/daemonLog";
import type { DeclaredTunnel } from "../stack/outputs";
import { has } from "./evidence";

/** One IKE SA in the log, from its first message to its end. */
export interface Attempt {
  readonly role: "initiator" | "responder";
  readonly lines: readonly LogLine[];
  /** The place of its first line in the log. */
  readonly began: number;
  /** The place of the line by which both ends had agreed, if they had. */
  readonly agreed: number | undefined;
}

type Placed = readonly [line: LogLine, place: number];

const ESTABLISHED = /^(?:\w+: )?established peer /;
const REKEYED = /\brekeyed as new IKESA 0x([0-9a-f]{1,16})\b/;

/**
 * The negotiations of one tunnel that iked's log tells of, oldest first. A line belongs to one by its
 * SPI, a rekeyed IKE SA to the one that it took over from; a line without an SPI by the line before it,
 * where both are of the same second.
 */
export function attemptsOf(log: readonly LogLine[], tunnel: DeclaredTunnel): Attempt[] {
  const groups = new Map<string, Placed[]>();
  let last: LogLine | undefined;
  for (const [place, line] of log.entries()) {
    if (line.program !== "iked") continue;
    const spi = line.spi ?? (last?.stamp === line.stamp ? last.spi : undefined);
    if (spi === undefined || line.message.startsWith("ikev2_init_ike_sa: ")) continue;
    const group = groups.get(spi) ?? [];
    group.push([line, place]);
    groups.set(spi, group);
    const successor = REKEYED.exec(line.message)?.[1];
    if (successor !== undefined) groups.set(`0x${successor.padStart(16, "0")}`, group);
    last = { ...line, spi };
  }
  return [...new Set(groups.values())].map(attemptOf).filter(({ lines }) => belongs(lines, tunnel));
}

function attemptOf(placed: readonly Placed[]): Attempt {
  const lines = placed.map(([line]) => line);
  const began = placed[0]?.[1] ?? 0;
  // Whose first message was before the log begins was up, or it would not have lasted.
  const up = has(lines, /IKE_SA_INIT/) ? undefined : began;
  return {
    role: has(lines, /^recv IKE_SA_INIT req /) ? "responder" : "initiator",
    lines,
    began,
    agreed: placed.find(([{ message }]) => ESTABLISHED.test(message))?.[1] ?? up,
  };
}

/** Both ends agreed, but the peer took the child SA back at once. */
export function rejected({ lines }: Attempt): boolean {
  const loaded = lines.find(({ message }) => message.includes("loaded SPIs: "));
  const deleted = lines.find(({ message }) => /^(?:\w+: )?deleted \d+ SPIs?: /.test(message));
  return loaded !== undefined && deleted?.stamp === loaded.stamp;
}

/** The newest success, and what was begun since: what was begun before is history, however it ended. */
export function sinceSuccess(attempts: readonly Attempt[]): {
  readonly good: Attempt | undefined;
  readonly since: readonly Attempt[];
} {
  const place = Math.max(
    ...attempts.map((attempt) => (rejected(attempt) ? -1 : (attempt.agreed ?? -1))),
  );
  return {
    good: attempts.find((attempt) => attempt.agreed === place),
    since: attempts.filter(({ began }) => began > place),
  };
}

/** By the policy that iked took, or where it names none by the peer's address. */
function belongs(lines: readonly LogLine[], { name, peer }: DeclaredTunnel): boolean {
  const policies = lines.flatMap(({ message }) => / policy '([^']*)'/.exec(message)?.[1] ?? []);
  if (policies.length > 0) return policies.includes(name);
  return lines.some(
    ({ message }) => message.includes(` peer ${peer}:`) || message.includes(` peer [${peer}]:`),
  );
}
