import type { LogLine } from "../../parse/daemonLog";
import { anyOf, type LogForm } from "../../parse/logForms/form";
import { ISAKMPD } from "../../parse/logForms/isakmpd";
import type { Cause, Evidence } from "../../contract/documents/why";
import * as causes from "./causes";
import { evidenceOf, has, lastPlace, newestOf, within } from "./evidence";
import type { Facts } from "./facts";
import { droppedFor, GARBLED, isQuickMode, linesOf, sincePhase1, sinceUp } from "./isakmpdLines";
import { certificateCause } from "./isakmpdCertificate";
import { proposalCause } from "./isakmpdProposal";
import type { Scene } from "./isakmpdScene";
import * as path from "./pathCauses";
import * as proposals from "./proposalCauses";

interface Step {
  readonly forms: readonly LogForm[];
  readonly causeOf: (
    scene: Scene,
    line: LogLine,
    evidence: readonly Evidence[],
  ) => Cause | undefined;
}

/** What isakmpd logs for certain, by how far the exchange came: the last step beats those that were passed. */
const STEPS: readonly Step[] = [
  {
    forms: [ISAKMPD.version],
    causeOf: ({ facts }, _, evidence) => proposals.version(facts.tunnel, evidence),
  },
  {
    forms: [ISAKMPD.aggressive],
    causeOf: ({ facts }, _, evidence) => proposals.aggressive(facts.tunnel, evidence),
  },
  { forms: [ISAKMPD.noProposal, droppedFor("NO_PROPOSAL_CHOSEN")], causeOf: proposalCause },
  {
    forms: [ISAKMPD.garbled, droppedFor("PAYLOAD_MALFORMED"), droppedFor("INVALID_PAYLOAD_TYPE")],
    causeOf: ({ facts }, _, evidence) => causes.secret(facts.tunnel, evidence),
  },
  {
    forms: [ISAKMPD.garbledHeader],
    causeOf: ({ facts }, { message }, evidence) =>
      ISAKMPD.garbledHeader.form.exec(message)?.[1] === "33"
        ? proposals.version(facts.tunnel, evidence)
        : causes.secret(facts.tunnel, evidence),
  },
  {
    forms: [ISAKMPD.remoteId, ISAKMPD.noKey],
    causeOf: ({ facts }, _, evidence) => causes.remoteId(facts.tunnel, evidence),
  },
  {
    forms: [ISAKMPD.phase2Ids, droppedFor("INVALID_ID_INFORMATION")],
    causeOf: ({ facts }, { message }, evidence) => causes.askedFor(facts.tunnel, message, evidence),
  },
  {
    // After the networks: without a signature's key the same notification follows.
    forms: [ISAKMPD.certificate, ISAKMPD.invalidCertificate],
    causeOf: ({ facts, since }, line, evidence) => {
      const { tunnel } = facts;
      const [, reason] = ISAKMPD.certificate.form.exec(line.message) ?? [];
      if (tunnel.auth === "certificate") {
        return certificateCause(facts, evidence, reason, sameMessage(since, line));
      }
      if (tunnel.auth !== "publickey") return causes.method(tunnel, evidence);
      if (reason === "no public key found") return causes.noPeerKey(tunnel, evidence);
      return reason === undefined || reason === "missing signature payload"
        ? causes.method(tunnel, evidence)
        : causes.secret(tunnel, evidence);
    },
  },
  {
    forms: [ISAKMPD.ownKey],
    causeOf: (_, __, evidence) => causes.noOwnKey(evidence),
  },
  {
    forms: [ISAKMPD.pfs],
    causeOf: ({ facts }, _, evidence) => proposals.pfs(facts.tunnel, evidence),
  },
  {
    forms: [ISAKMPD.policyRefused],
    causeOf: ({ facts: { tunnel } }, _, evidence) => ({
      code: "daemon",
      phase: "gateway",
      what: "isakmpd runs without -K and refuses every tunnel",
      evidence,
      fix: `run pulumi up: it sets the flags -K -v; then gateway tunnel restart ${tunnel.name}`,
    }),
  },
];

/** What isakmpd said of the message before that line, which it turned down in the end. */
function sameMessage(since: readonly LogLine[], line: LogLine): string[] {
  const until = since.slice(0, since.lastIndexOf(line));
  return until.slice(lastPlace(until, ISAKMPD.dropped.form) + 1).map(({ message }) => message);
}

/** A daemon that tries every minute has logged by then whatever goes wrong, in seconds. */
const TOLD_WITHIN = 120;

/** Why isakmpd does not bring the tunnel up, by what its log says since it was up last. */
export function isakmpdCause(facts: Facts): Cause | undefined {
  const own = linesOf(facts.log, facts.tunnel);
  const { up, since: sinceLast } = sinceUp(own);
  const { done, since } = sincePhase1(sinceLast);
  const met = since.filter(({ message }) => TELLING.test(message));
  const newest = met.at(-1);
  const current = met.filter((line) => newest && within(TOLD_WITHIN, line, newest));
  const scene = { facts, since, phase1Done: done || (up !== undefined && wasQuickMode(facts, up)) };
  return certain(scene, current) ?? silence(scene, current) ?? ended(facts, up);
}

/** Without NAT every message has port 500, and phase 1 is what the last success is a proof of. */
function wasQuickMode({ gateway }: Facts, up: LogLine): boolean {
  return !gateway.behindNat && ISAKMPD.quickModeDone.form.test(up.message);
}

const SURE = anyOf(...STEPS.flatMap(({ forms }) => forms));
const UNSURE = [
  ISAKMPD.givenUp,
  ISAKMPD.noKeystate,
  ISAKMPD.invalidCookie,
  ISAKMPD.sendFails,
  ISAKMPD.noSocket,
];
const COOKIE_DROPPED = /^dropped message from .* type INVALID_COOKIE$/;
const TELLING = new RegExp(`${SURE.source}|${anyOf(...UNSURE).source}|${COOKIE_DROPPED.source}`);

function certain(scene: Scene, current: readonly LogLine[]): Cause | undefined {
  const newest = newestOf(current, SURE);
  if (!newest) return undefined;
  // Within one second the log does not say which exchange is which; the one that came further is reported.
  const together = current.filter(({ stamp }) => stamp === newest.stamp);
  for (const { forms, causeOf } of [...STEPS].reverse()) {
    const [reason] = forms.flatMap(({ form }) => newestOf(together, form) ?? []);
    const cause = reason && causeOf(scene, reason, evidenceWithDrops(scene.since, anyOf(...forms)));
    if (cause) return cause;
  }
  return undefined;
}

/** The lines of the form, each with the one after it that says whose message was dropped. */
function evidenceWithDrops(since: readonly LogLine[], form: RegExp): Evidence[] {
  const kept = since.filter(
    ({ message }, place) =>
      form.test(message) ||
      (ISAKMPD.dropped.form.test(message) && form.test(since[place - 1]?.message ?? "")),
  );
  return evidenceOf(kept, ANY);
}

const ANY = /^/;

/** What is left where nobody says no. Our own failure and any packet of the peer come before silence. */
function silence(scene: Scene, current: readonly LogLine[]): Cause | undefined {
  const { facts, since } = scene;
  const closed = path.refused(facts, evidenceOf(current, ISAKMPD.givenUp.form));
  if (closed && current.length > 0) return closed;
  const cannot = evidenceOf(current, anyOf(ISAKMPD.sendFails, ISAKMPD.noSocket));
  if (cannot.length > 0) return path.cannotSend(facts, cannot);
  const quick = current.filter(({ message }) => isQuickMode(message));
  if (quick.length > 0) return causes.phase2Refused(facts.tunnel, evidenceOf(quick, ANY));
  const given = newestOf(current, ISAKMPD.givenUp.form);
  const evidence = evidenceOf(current, ISAKMPD.givenUp.form);
  if (has(since, GARBLED) && given) {
    return causes.secret(facts.tunnel, [...evidenceOf(since, GARBLED), ...evidence]);
  }
  if (has(current, ISAKMPD.noKeystate.form)) {
    const refused = evidenceOf(current, anyOf(ISAKMPD.noKeystate, ISAKMPD.givenUp));
    return causes.authentication(facts.tunnel, refused);
  }
  if (ISAKMPD.givenUp.form.exec(given?.message ?? "")?.[3] === "4500") {
    return path.unansweredAfterNat(facts.tunnel, evidence);
  }
  const stale = evidenceOf(current, COOKIES);
  if (stale.length > 0) return path.staleSa(facts, stale);
  return given && path.noAnswer(facts, evidence);
}

const COOKIES = new RegExp(`${ISAKMPD.invalidCookie.form.source}|${COOKIE_DROPPED.source}`);

function ended(facts: Facts, up: LogLine | undefined): Cause | undefined {
  const deleted = evidenceOf(up ? [up] : [], ISAKMPD.deleted.form);
  return (
    path.refused(facts, deleted) ??
    (deleted.length > 0 ? causes.peerDeletes(facts.tunnel, deleted) : undefined)
  );
}
