import type { LiveSection } from "../contract/gwctl";
import { type Clock, parseClock } from "./daemonLog";
import { type GatewayState, parseGwctlState } from "./gwctlState";
import { type IkedEvents, parseIkedEvents } from "./ikedEvents";
import { parseSaDetails, type SaDetail } from "./ipsecctlVerbose";
import { sectionsOf } from "./sections";

/** What the gateway found when it pinged through a tunnel. */
export interface ProbeResult {
  readonly name: string;
  readonly sent: number;
  readonly received: number;
  readonly rttMs?: number | undefined;
  /** Why no packet could be sent. */
  readonly error?: string | undefined;
}

/** What `gwctl live` says: the state, the probes, and the counters before and after them. */
export interface LiveState extends GatewayState {
  readonly clock?: Clock | undefined;
  readonly events: IkedEvents;
  readonly before: readonly SaDetail[];
  readonly probes: readonly ProbeResult[];
  readonly after: readonly SaDetail[];
  /** Sections that are missing or unknown, each in words. Default: none. */
  readonly sectionProblems?: readonly string[] | undefined;
}

/** Reads the snapshot. Lines of unknown form are passed over; never throws. */
export function parseGwctlLive(text: string): LiveState {
  const sections = sectionsOf(text);
  const rows = (name: LiveSection) => sections.get(name) ?? [];
  return {
    ...parseGwctlState(text),
    clock: parseClock(rows("clock")[0]),
    events: parseIkedEvents(rows("log")),
    before: parseSaDetails(rows("before")),
    probes: rows("probes").flatMap(parseProbe),
    after: parseSaDetails(rows("after")),
  };
}

function parseProbe(row: string): ProbeResult[] {
  const [, failed, error] = /^(\S+) error (.*)$/.exec(row) ?? [];
  if (failed !== undefined) return [{ name: failed, sent: 0, received: 0, error: error ?? "" }];
  const [, name, sent, received, rtt] =
    /^(\S+) (\d{1,6}) (\d{1,6}) ([\d.]{1,12}|-)$/.exec(row) ?? [];
  if (name === undefined) return [];
  const rttMs = Number(rtt);
  return [
    {
      name,
      sent: Number(sent),
      received: Number(received),
      rttMs: Number.isNaN(rttMs) ? undefined : rttMs,
    },
  ];
}
