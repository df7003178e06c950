import type { Cause, CauseCode, Evidence } from "./cause";
import { neverAsked } from "./causes";
import { evidenceOf } from "./evidence";
import type { Facts } from "./facts";
import { ikedCause } from "./iked";
import { attemptsOf, sinceSuccess } from "./ikedAttempts";
import { isakmpdCause } from "./isakmpd";
import { linesOf } from "./isakmpdLines";
import { trafficCause } from "./traffic";

/** What `gateway why --json` prints. */
export interface Diagnosis {
  readonly name: string;
  readonly state: string;
  readonly cause: Cause;
  /** What else is odd, one sentence each. */
  readonly notes: readonly string[];
}

/** Says why a tunnel does not carry packets, or that it is not known. A pure function of the facts. */
export function diagnose(facts: Facts): Diagnosis {
  const { tunnel, status } = facts;
  return {
    name: tunnel.name,
    state: status.state,
    cause: causeOf(facts),
    notes: [...facts.problems, ...status.differs, ...guardNotes(facts)],
  };
}

function causeOf(facts: Facts): Cause {
  const { status } = facts;
  const administrative = ofTheGateway(facts);
  if (administrative) return administrative;
  switch (status.state) {
    case "proven":
      return {
        code: "none",
        phase: "none",
        what: "nothing is wrong: packets cross it both ways",
        evidence: probeEvidence(facts),
        fix: "none needed",
      };
    case "established":
      return trafficCause(facts);
    default:
      return negotiationCause(facts) ?? unknown(facts);
  }
}

function ofTheGateway({ tunnel, record, daemonRuns, status }: Facts): Cause | undefined {
  const { name } = tunnel;
  const gateway = { phase: "gateway" as const, evidence: [] };
  if (!tunnel.enabled) {
    return {
      ...gateway,
      code: "disabled",
      field: "enabled",
      what: "it is declared with enabled: false",
      fix: "set enabled: true and run pulumi up, if it is wanted",
    };
  }
  if (record === undefined || record === "disabled") {
    return {
      ...gateway,
      code: "not-on-gateway",
      what:
        record === undefined
          ? "it is declared, but the gateway has no file of it"
          : "it is declared enabled, but the gateway has it disabled",
      fix: "run pulumi up",
    };
  }
  if (record === "down") {
    return {
      ...gateway,
      code: "by-hand",
      what: "somebody took it down by hand",
      fix: `gateway tunnel up ${name}`,
    };
  }
  if (!daemonRuns) {
    return {
      ...gateway,
      code: "daemon",
      what: `${status.daemon} does not run on the gateway`,
      fix: "gateway tunnel start-all, and see gateway logs",
    };
  }
  return undefined;
}

function negotiationCause(facts: Facts): Cause | undefined {
  const cause = facts.tunnel.ikeVersion === 2 ? ikedCause(facts) : isakmpdCause(facts);
  if (facts.tunnel.mode === "active" || (cause && !ENDS.has(cause.code))) return cause;
  if (ownLines(facts).length === 0) return neverAsked(facts);
  const end = cause ?? endedUnseen(facts);
  return end && neverAsked(facts, end);
}

const ENDS: ReadonlySet<CauseCode> = new Set(["peer-deletes", "dead-peer"]);

/** It was up last, and the log does not tell how it ended. */
function endedUnseen({ log, tunnel }: Facts): Pick<Cause, "what" | "evidence"> | undefined {
  const { good, since } = sinceSuccess(attemptsOf(log, tunnel));
  return good && since.length === 0
    ? { what: "the tunnel ended", evidence: evidenceOf(good.lines, /established peer|sa_free/) }
    : undefined;
}

function ownLines({ log, tunnel }: Facts) {
  return tunnel.ikeVersion === 2
    ? attemptsOf(log, tunnel).flatMap(({ lines }) => lines)
    : linesOf(log, tunnel);
}

const LINES_OF_THE_UNKNOWN = 15;

function unknown(facts: Facts): Cause {
  const lines = ownLines(facts).slice(-LINES_OF_THE_UNKNOWN);
  return {
    code: "unknown",
    phase: "none",
    what: "don't know: the log has nothing that explains it",
    evidence: lines.map(({ stamp, program, message }) => ({
      stamp,
      text: `${program}: ${message}`,
    })),
    fix: `gateway tunnel restart ${facts.tunnel.name}, then ask again; gateway logs -f shows it live`,
  };
}

function probeEvidence({ status: { probe } }: Facts): Evidence[] {
  return probe ? [{ text: `${probe.target} answers ${probe.source}` }] : [];
}

function guardNotes({ guarded, pflog }: Facts): string[] {
  return [
    ...(guarded === undefined || guarded === 0
      ? []
      : [
          `${guarded} packets for or from remote networks were stopped in clear by the leak guard since the rules were loaded`,
        ]),
    ...pflog.slice(-3).map((line) => `pflog: ${line}`),
  ];
}
