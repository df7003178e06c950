import { literally } from "../literally";
import type { LogLine } from "../../parse/daemonLog";
import { anyOf, type LogForm } from "../../parse/logForms/form";
import { ISAKMPD } from "../../parse/logForms/isakmpd";
import { withoutIdentities } from "../../parse/logForms/names";
import { connectionNames } from "../../render/phase2Id";
import type { DeclaredTunnel } from "../../contract/tunnel";
import { lastPlace, within } from "./evidence";

/** What isakmpd turns down with this notification; the line before it gives the reason, if there is one. */
export function droppedFor(type: string): LogForm {
  const source = ISAKMPD.dropped.form.source.replace(/\(\\S\+\)\$$/, `${type}$`);
  return { ...ISAKMPD.dropped, form: new RegExp(source) };
}

const GARBLED_FORMS = [
  ISAKMPD.garbled,
  ISAKMPD.garbledHeader,
  droppedFor("PAYLOAD_MALFORMED"),
  droppedFor("INVALID_PAYLOAD_TYPE"),
];
/** What does not make sense once it is decrypted. */
export const GARBLED = anyOf(...GARBLED_FORMS);

/**
 * The tunnel's lines. Many name nobody: such a line belongs to the peer whose message is dropped by the next
 * one, as isakmpd says why before it says whose; else to every tunnel, unless the same second names another.
 */
export function linesOf(log: readonly LogLine[], tunnel: DeclaredTunnel): LogLine[] {
  const connections = connectionNames(tunnel);
  const isakmpd = log.filter(({ program }) => program === "isakmpd");
  const peer = addressForm(tunnel.peer);
  const mine = ({ message }: LogLine) => {
    const told = withoutIdentities(message);
    const connection = /\bfrom-\S+?-to-[^\s,]+/.exec(told)?.[0];
    return connection === undefined ? peer.test(told) : connections.includes(connection);
  };
  const named = ({ message }: LogLine) => NAMES_SOMEBODY.test(withoutIdentities(message));
  const others = new Set(
    isakmpd.filter((line) => !mine(line) && named(line)).map(({ stamp }) => stamp),
  );
  return isakmpd.filter((line, place) => {
    if (named(line)) return mine(line);
    if (mine(line)) return true;
    const dropped = droppedAfter(isakmpd, place);
    return dropped ? mine(dropped) : !others.has(line.stamp);
  });
}

const NAMES_SOMEBODY = /\bpeer-|\bfrom-|\bsrc: |\bpeer \S*[\d:]|\bPeer |message from /;

/** The line that says whose message it is, if nothing else comes between. */
function droppedAfter(lines: readonly LogLine[], place: number): LogLine | undefined {
  const at = lines[place];
  for (const line of lines.slice(place + 1)) {
    if (!at || !within(1, at, line)) return undefined;
    if (ISAKMPD.dropped.form.test(line.message)) return line;
    if (NAMES_SOMEBODY.test(withoutIdentities(line.message))) return undefined;
  }
  return undefined;
}

/**
 * Not within a longer one: 10.0.0.1 is not in 110.0.0.1, nor fd00::2 in fd00::2:1. IKE's ports stand behind an
 * address without brackets (transport.c).
 */
function addressForm(address: string): RegExp {
  const longer = address.includes(":") ? "|:(?!4?500\\b)[0-9a-f]" : "";
  return new RegExp(`(?<![\\w.:])${literally(address)}(?!\\.?\\w${longer})`);
}

/** isakmpd repeats a message after 7, 16 and 27 s, and gives up with that; with room for a busy machine. */
const REPEATS_FOR = 40;

/** What is left of an exchange that was begun before another one succeeded. */
const PHASE_1_LEFT = (garbledBefore: boolean) =>
  anyOf(ISAKMPD.invalidCookie, ISAKMPD.noKeystate, ...(garbledBefore ? GARBLED_FORMS : []));
const COOKIE_DROPPED = " type INVALID_COOKIE";

/**
 * What the log says since the tunnel was up last. Its lines do not name their exchange, and one that was
 * begun before goes on beside the one that succeeded: it is given up, or meets again what it met before.
 * A DELETE makes nothing history that was met since the success: of two SAs one may end later.
 */
export function sinceUp(own: readonly LogLine[]): {
  readonly up: LogLine | undefined;
  readonly since: readonly LogLine[];
} {
  const gone = lastPlace(own, ISAKMPD.deleted.form);
  const done = lastPlace(own, ISAKMPD.quickModeDone.form);
  // Without -v isakmpd logs neither a success nor a DELETE; but what was deleted alive had been up.
  const up = done < 0 ? gone : done;
  const since = withoutLeftovers(own, up, () => true);
  const after = new Set(withoutLeftovers(own, gone, () => true));
  const begun = new Set(own.slice(0, gone + 1));
  return {
    up: own[Math.max(gone, done)],
    since: gone > up ? since.filter((line) => begun.has(line) || after.has(line)) : since,
  };
}

const OF_PHASE_2 = anyOf(ISAKMPD.phase2Ids, ISAKMPD.pfs, ISAKMPD.policyRefused);

/** Of the lines since the tunnel was up, those that phase 1 has not outdated by being done. */
export function sincePhase1(since: readonly LogLine[]): {
  readonly done: boolean;
  readonly since: readonly LogLine[];
} {
  const last = lastPlace(since, ISAKMPD.phase1Done.form);
  const ofPhase2 = ({ message }: LogLine) => isQuickMode(message) || OF_PHASE_2.test(message);
  const left = withoutLeftovers(since, last, (line) => !ofPhase2(line));
  return {
    done: last >= 0,
    since: [...since.slice(0, Math.max(last, 0)).filter(ofPhase2), ...left],
  };
}

/** An exchange that is given up is known by its name: a connection's is quick mode, a peer's phase 1. */
export function isQuickMode(message: string): boolean {
  return /^transport_send_messages: giving up on exchange (?:from-|IPsec-)/.test(message);
}

function withoutLeftovers(
  lines: readonly LogLine[],
  last: number,
  mayBeLeft: (line: LogLine) => boolean,
): readonly LogLine[] {
  const good = lines[last];
  const since = lines.slice(last + 1);
  if (!good) return since;
  const garbledBefore = lines
    .slice(0, last)
    .some((line) => GARBLED.test(line.message) && within(REPEATS_FOR, line, good));
  const left = PHASE_1_LEFT(garbledBefore);
  const older = (line: LogLine) =>
    mayBeLeft(line) &&
    (left.test(line.message) ||
      line.message.endsWith(COOKIE_DROPPED) ||
      ISAKMPD.givenUp.form.test(line.message));
  return since.filter((line) => !older(line) || !within(REPEATS_FOR, good, line));
}
