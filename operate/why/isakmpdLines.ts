import { selectors } from "../../config/selectors";
import type { LogLine } from "../../parse/daemonLog";
import type { DeclaredTunnel } from "../stack/outputs";
import { within } from "./evidence";

export const GIVEN_UP = /giving up on exchange .*no response from peer/;
export const STALE_PHASE_1 = /INVALID_COOKIE/;
/** What does not make sense once it is decrypted. */
export const GARBLED =
  /reserved field non-zero|invalid next payload type|payload too long|PAYLOAD_MALFORMED/;
export const DELETED = /made us delete live SA/;
/** Without -v isakmpd tells of no success; but what was deleted alive had been up. */
const WAS_UP = new RegExp(`^quick mode done: |${DELETED.source}`);

/** The tunnel's lines: those that name it, and those that name nobody where no other is named. */
export function linesOf(log: readonly LogLine[], tunnel: DeclaredTunnel): LogLine[] {
  const names = [tunnel.peer, ...selectors(tunnel).map(({ from, to }) => `from-${from}-to-${to}`)];
  const isakmpd = log.filter(({ program }) => program === "isakmpd");
  const mine = ({ message }: LogLine) => names.some((name) => mentions(message, name));
  const others = new Set(
    isakmpd
      .filter((line) => !mine(line) && NAMES_SOMEBODY.test(line.message))
      .map(({ stamp }) => stamp),
  );
  return isakmpd.filter(
    (line) => mine(line) || (!NAMES_SOMEBODY.test(line.message) && !others.has(line.stamp)),
  );
}

const NAMES_SOMEBODY = /\bpeer-|\bfrom-|\bsrc: |\bpeer \S*[\d:]|message from /;

function mentions(message: string, name: string): boolean {
  const at = message.indexOf(name);
  return at >= 0 && !/^\.?\w/.test(message.slice(at + name.length));
}

/** isakmpd repeats a message after 7, 16 and 27 s, and gives up with that; with room for a busy machine. */
const REPEATS_FOR = 40;

/**
 * What the log says since the tunnel was up last. Its lines do not name their exchange, and one that was
 * begun before goes on beside the one that succeeded: it is given up, or meets again what it met before.
 */
export function sinceUp(own: readonly LogLine[]): {
  readonly up: LogLine | undefined;
  readonly since: readonly LogLine[];
} {
  const last = own.map(({ message }) => WAS_UP.test(message)).lastIndexOf(true);
  const up = own[last];
  const since = own.slice(last + 1);
  if (!up) return { up, since };
  const garbledBefore = own
    .slice(0, last)
    .some((line) => GARBLED.test(line.message) && within(REPEATS_FOR, line, up));
  const ofBefore = [GIVEN_UP, STALE_PHASE_1, ...(garbledBefore ? [GARBLED] : [])];
  const older = ({ message }: LogLine) => ofBefore.some((form) => form.test(message));
  return { up, since: since.filter((line) => !older(line) || !within(REPEATS_FOR, up, line)) };
}
