import type { LogLine } from "../../parse/daemonLog";
import { IKED } from "../../parse/logForms/iked";
import { ISAKMPD } from "../../parse/logForms/isakmpd";
import type { DeclaredTunnel } from "../../contract/tunnel";

/** What made everything before it history. */
export interface Beginning {
  /** One sentence without a subject's name, such as `gwctl tunnel kill ended its SAs`. */
  readonly what: string;
  readonly line: LogLine;
}

export interface Present {
  /** The lines since then. */
  readonly log: readonly LogLine[];
  /** Undefined where the log goes back to no beginning. */
  readonly began: Beginning | undefined;
}

/**
 * The log since the tunnel's present life began: with the last start of the daemon, or with the last thing
 * that was done to the tunnel here. What was met before says nothing of now.
 */
export function presentOf(log: readonly LogLine[], tunnel: DeclaredTunnel): Present {
  const daemon = tunnel.ikeVersion === 2 ? "iked" : "isakmpd";
  const begins = daemon === "iked" ? ikedStarts(log) : isakmpdStarts;
  for (const [place, line] of [...log.entries()].reverse()) {
    const what = begins(line) ? `${daemon} was started` : ownAction(line, tunnel);
    if (what !== undefined) return { log: log.slice(place + 1), began: { what, line } };
  }
  return { log, began: undefined };
}

const isakmpdStarts = ({ program, message }: LogLine) =>
  program === "isakmpd" && ISAKMPD.starting.form.test(message);

/** Only its negotiating process says these; another number of it is another life, however the last one ended. */
const NEGOTIATES = /^(?:send|recv|retransmit|ikev2_|established)/;

/** iked says nothing when it starts: the end of the life before is the start, and another process. */
function ikedStarts(log: readonly LogLine[]): (line: LogLine) => boolean {
  const first = new Map<string, LogLine>();
  for (const line of log) {
    if (line.program !== "iked" || line.pid === undefined || !NEGOTIATES.test(line.message))
      continue;
    if (!first.has(line.pid)) first.set(line.pid, line);
  }
  const [, ...later] = first.values();
  const before = new Set(later.map((line) => log[log.indexOf(line) - 1]));
  return (line) =>
    before.has(line) || (line.program === "iked" && IKED.ended.form.test(line.message));
}

// Forms: gwctl 10-messages.ksh acted, 70-watch.ksh watch_reset.
const DONE = /^tunnel: (\S+): (\S+)$/;
const RESET = /^watch: (\S+): .*: reset, \d+ of \d+ today$/;

const BY_ITSELF: Readonly<Record<string, string>> = {
  put: "its declaration was changed",
  moved: "the name of its peer got another address",
};

function ownAction({ program, message }: LogLine, { name }: DeclaredTunnel): string | undefined {
  if (program !== "gwctl") return undefined;
  const [, of, verb] = DONE.exec(message) ?? [];
  if (verb !== undefined) {
    if (of !== name && of !== "all") return undefined;
    return BY_ITSELF[verb] ?? `gateway tunnel ${verb} was run`;
  }
  return RESET.exec(message)?.[1] === name ? "the watchdog reset it" : undefined;
}
