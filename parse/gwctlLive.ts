import { gwctlLive, GWCTL_LINE, type LiveSection } from "../contract/gwctl";
import { type Clock, parseClock } from "./daemonLog";
import { type GatewayState, parseGwctlState } from "./gwctlState";
import { type IkedEvents, parseIkedEvents } from "./ikedEvents";
import { parseSaDetails, type SaDetail } from "./ipsecctlVerbose";
import { sectionProblems, sectionsOf } from "./sections";

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
  /** Sections that are missing, and those that are unknown, in words. */
  readonly sectionProblems: readonly string[];
}

/**
 * Reads the snapshot. Lines of unknown form are passed over; never throws.
 *
 * @param more sections that the text has to have beside gwctl's own
 */
export function parseGwctlLive(text: string, more: readonly string[] = []): LiveState {
  const sections = sectionsOf(text);
  const rows = (name: LiveSection) => sections.get(name) ?? [];
  return {
    ...parseGwctlState(text),
    clock: parseClock(rows("clock")[0]),
    events: parseIkedEvents(rows("log")),
    before: parseSaDetails(rows("before")),
    probes: rows("probes").flatMap(parseProbe),
    after: parseSaDetails(rows("after")),
    sectionProblems: sectionProblems(text, [...Object.keys(gwctlLive.shape), ...more]),
  };
}

function parseProbe(row: string): ProbeResult[] {
  const failed = GWCTL_LINE.probeError.exec(row)?.groups;
  if (failed?.name !== undefined) {
    return [{ name: failed.name, sent: 0, received: 0, error: failed.error ?? "" }];
  }
  const { name, sent, received, rtt } = GWCTL_LINE.probe.exec(row)?.groups ?? {};
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
