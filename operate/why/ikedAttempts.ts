import type { LogLine } from "../../parse/daemonLog";
import type { DeclaredTunnel } from "../../contract/tunnel";
import { IKED } from "../../parse/logForms/iked";
import { peerIn, policyIn } from "../../parse/logForms/names";
import { fixedAddress } from "../../config/peer";
import { typedIdentity } from "../../config/identity";
import { has, within } from "./evidence";
import type { Facts } from "./facts";

/** One IKE SA in the log, from its first message to its end. */
export interface Attempt {
  readonly role: "initiator" | "responder";
  readonly lines: readonly LogLine[];
  /** The place of its first line in the log. */
  readonly began: number;
  /** The place of the line by which both ends had agreed, if they had. */
  readonly agreed: number | undefined;
}

type AttemptFacts = Pick<Facts, "log" | "tunnel" | "anyPeers">;

type Placed = readonly [line: LogLine, place: number];

const { established: ESTABLISHED, rekeyed: REKEYED } = IKED;

/**
 * The negotiations of one tunnel in iked's log, oldest first. A line belongs to one by its
 * SPI, a rekeyed IKE SA to the one that it took over from; a line without an SPI by the line before it, or
 * else the one after it, where both are of the same second.
 */
export function attemptsOf({ log, tunnel, anyPeers }: AttemptFacts): Attempt[] {
  const groups = new Map<string, Placed[]>();
  let last: LogLine | undefined;
  for (const [place, line] of log.entries()) {
    if (line.program !== "iked") continue;
    const spi = line.spi ?? (last?.stamp === line.stamp ? last.spi : followerOf(log, place)?.spi);
    if (spi === undefined || line.message.startsWith("ikev2_init_ike_sa: ")) continue;
    const group = groups.get(spi) ?? [];
    group.push([line, place]);
    groups.set(spi, group);
    const successor = REKEYED.form.exec(line.message)?.[1];
    if (successor !== undefined) groups.set(`0x${successor.padStart(16, "0")}`, group);
    last = { ...line, spi };
  }
  const belongs = fixedAddress(tunnel.peer) === undefined ? belongsToAny : belongsToFixed;
  return [...new Set(groups.values())]
    .map(attemptOf)
    .filter(({ lines }) => belongs(lines, tunnel, anyPeers));
}

/** The next line of iked's, where it is of the same second. */
function followerOf(log: readonly LogLine[], place: number): LogLine | undefined {
  const next = log.slice(place + 1).find(({ program }) => program === "iked");
  return next?.stamp === log[place]?.stamp ? next : undefined;
}

function attemptOf(placed: readonly Placed[]): Attempt {
  const lines = placed.map(([line]) => line);
  const began = placed[0]?.[1] ?? 0;
  // Whose first message was before the log begins was up, or it would not have lasted.
  const up = has(lines, /IKE_SA_INIT|IKE_AUTH/) ? undefined : began;
  return {
    role: has(lines, /^recv IKE_SA_INIT req /) ? "responder" : "initiator",
    lines,
    began,
    agreed: refusedAtOnce(lines)
      ? undefined
      : (placed.find(([{ message }]) => ESTABLISHED.form.test(message))?.[1] ?? up),
  };
}

/** A responder logs an established IKE SA before it knows whether the peer accepts it. */
function refusedAtOnce(lines: readonly LogLine[]): boolean {
  const established = lines.find(({ message }) => ESTABLISHED.form.test(message));
  const refused = lines.find(({ message }) => AUTH_REFUSED.test(message));
  return established !== undefined && refused !== undefined && within(1, established, refused);
}

const AUTH_REFUSED = /^sa_free: authentication failed notification from peer$/;

/** Both ends agreed, but the peer took the child SA back at once. */
export function rejected({ lines }: Attempt): boolean {
  const loaded = lines.find(({ message }) => IKED.loadedSpis.form.test(message));
  const deleted = lines.find(({ message }) => IKED.deletedSpis.form.test(message));
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
function belongsToFixed(lines: readonly LogLine[], { name, peer }: DeclaredTunnel): boolean {
  const policies = policiesIn(lines);
  if (policies.length > 0) return policies.includes(name);
  return lines.some(({ message }) => peerIn(message) === peer);
}

/**
 * By the identity that the peer showed. Before it did, and where no such tunnel expects it, iked names the last
 * of the policies for any address, and the attempt may be of each tunnel's peer.
 */
function belongsToAny(
  lines: readonly LogLine[],
  { remoteId }: DeclaredTunnel,
  anyPeers: readonly DeclaredTunnel[],
): boolean {
  const [first] = policiesIn(lines);
  if (!anyPeers.some(({ name }) => name === first)) return false;
  const shown = lines.flatMap(({ message }) => SHOWN.exec(message)?.slice(1).find(Boolean) ?? []);
  const expected = anyPeers.map((tunnel) => typedIdentity(tunnel.remoteId));
  const known = shown.find((id) => expected.includes(id));
  return known === undefined || known === typedIdentity(remoteId);
}

const SHOWN =
  /^established peer \S+?\[(.+?)\] local |^ikev2_send_auth_failed: authentication failed for (.+)$/;

/** The policies that iked took in turn. */
export function policiesIn(lines: readonly LogLine[]): string[] {
  return lines.flatMap(({ message }) => policyIn(message) ?? []);
}
