import type { Diagnosis } from "../../contract/documents/why";
import type { Cause, CauseCode, Evidence } from "../../contract/documents/why";

import { evidenceOf } from "./evidence";
import type { Facts } from "./facts";
import { type Beginning, presentOf } from "./history";
import { ikedCause } from "./iked";
import { attemptsOf, sinceSuccess } from "./ikedAttempts";
import { isakmpdCause } from "./isakmpd";
import { linesOf } from "./isakmpdLines";
import { exceptionsLost, interfaceLacks, neverAsked } from "./pathCauses";
import { trafficCause } from "./traffic";

/** Says why a tunnel does not carry packets, or that it is not known. A pure function of the facts. */
export function diagnose(facts: Facts): Diagnosis {
  const { tunnel, status } = facts;
  return {
    name: tunnel.name,
    state: status.state,
    cause: causeOf(facts),
    notes: [...facts.problems, ...status.differs, ...withinNotes(facts), ...guardNotes(facts)],
  };
}

function causeOf(facts: Facts): Cause {
  const { status } = facts;
  const administrative = ofTheGateway(facts);
  if (administrative) return administrative;
  const lost = exceptionsLost(facts);
  if (lost) return lost;
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
      return interfaceLacks(facts) ?? negotiationCause(facts) ?? unknown(facts);
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
      what: "it was taken down by hand",
      fix: `gateway tunnel up ${name}`,
    };
  }
  if (record === "unresolved") {
    return {
      ...gateway,
      code: "unresolved",
      field: "peer",
      what: "the name of its peer has no address yet, so there is nobody to start to",
      evidence: status.differs.map((text) => ({ text })),
      fix: "on the gateway: getent hosts NAME, with the tunnel's peer; correct the name, the DNS or network.dns, and the gateway goes on by itself",
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

/** By the log since the tunnel's present life began; what is of the life before is history. */
function negotiationCause(facts: Facts): Cause | undefined {
  const { log, began } = presentOf(facts.log, facts.tunnel);
  const present = { ...facts, log };
  const cause = facts.tunnel.ikeVersion === 2 ? ikedCause(present) : isakmpdCause(present);
  if (facts.tunnel.mode === "active") return cause ?? (began && justBegan(facts, began));
  if (cause && !ENDS.has(cause.code)) return cause;
  if (cause === undefined && began) return neverAsked(facts, beginningOf(began));
  if (ownLines(facts).length === 0) return neverAsked(facts);
  const end = cause ?? endedUnseen(facts);
  return end && neverAsked(facts, end);
}

function justBegan({ tunnel }: Facts, began: Beginning): Cause {
  const { what, evidence } = beginningOf(began);
  return {
    code: "own-action",
    phase: "gateway",
    what: `${what}, and the log has nothing about it since`,
    evidence,
    fix: `wait a minute and ask again; gateway tunnel restart ${tunnel.name} negotiates at once`,
  };
}

function beginningOf({ what, line: { stamp, program, message } }: Beginning) {
  return { what, evidence: [{ stamp, text: `${program}: ${message}` }] };
}

const ENDS: ReadonlySet<CauseCode> = new Set(["peer-deletes", "dead-peer", "stale-sa"]);

/** It was up last, and the log does not say how it ended. */
function endedUnseen(facts: Facts): Pick<Cause, "what" | "evidence"> | undefined {
  const { good, since } = sinceSuccess(attemptsOf(facts));
  return good && since.length === 0
    ? { what: "the tunnel ended", evidence: evidenceOf(good.lines, /established peer|sa_free/) }
    : undefined;
}

function ownLines(facts: Facts) {
  const { log, tunnel } = facts;
  return tunnel.ikeVersion === 2
    ? attemptsOf(facts).flatMap(({ lines }) => lines)
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
    fix:
      facts.tunnel.mode === "active"
        ? `gateway tunnel restart ${facts.tunnel.name}, then ask again; gateway logs -f shows it live`
        : "have the peer start the tunnel (mode passive), then ask again; gateway logs -f shows it live",
  };
}

function probeEvidence({ status: { probe } }: Facts): Evidence[] {
  return probe ? [{ text: `${probe.target} answers ${probe.source}` }] : [];
}

function withinNotes({ status, within }: Facts): string[] {
  if (status.state === "proven" || status.state === "established") return [];
  return within.map(
    ({ wide, pair: { local, remote } }) =>
      `until it is up again, packets from ${local} to ${remote} go into ${wide.name}, whose networks hold them`,
  );
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
