import { openbsdName, parsePeerProposals } from "../../parse/ikedProposals";
import type { Cause } from "./cause";
import * as causes from "./causes";
import { evidenceOf, has, within } from "./evidence";
import type { Facts } from "./facts";
import { type Attempt, attemptsOf, rejected, sinceSuccess } from "./ikedAttempts";

/** A daemon that tries every minute has met what there is to meet by then. */
const TOLD_WITHIN = 120;

/**
 * Why iked does not bring the tunnel up, by its log: the newest attempt that tells something certain,
 * else the newest that tells anything. Attempts begun before the last success are history, and so is
 * what was certain once newer ones end somewhere else.
 *
 * Messages: iked ikev2.c, ikev2_pld.c, policy.c.
 */
export function ikedCause(facts: Facts): Cause | undefined {
  const { good, since } = sinceSuccess(attemptsOf(facts.log, facts.tunnel));
  if (good && since.length === 0) return ended(facts, good);
  const sure = newest(facts, since, certain);
  const guess = newest(facts, sure ? since.slice(since.indexOf(sure.attempt) + 1) : since, likely);
  return sure && !(guess && outdates(guess, sure)) ? sure.cause : guess?.cause;
}

interface Told {
  readonly attempt: Attempt;
  readonly cause: Cause;
}

function newest(
  facts: Facts,
  attempts: readonly Attempt[],
  judge: (facts: Facts, attempt: Attempt) => Cause | undefined,
): Told | undefined {
  for (const attempt of [...attempts].reverse()) {
    const cause = judge(facts, attempt);
    if (cause) return { attempt, cause };
  }
  return undefined;
}

function outdates(guess: Told, sure: Told): boolean {
  const [then, now] = [sure.attempt.lines[0], guess.attempt.lines[0]];
  return guess.cause.phase !== sure.cause.phase && !(then && now && within(TOLD_WITHIN, then, now));
}

/** What only we can know: we saw what the peer sent. */
function certain(facts: Facts, attempt: Attempt): Cause | undefined {
  const { lines, role } = attempt;
  const evidence = (form: RegExp) => evidenceOf(lines, form);
  const { tunnel } = facts;
  if (has(lines, /ikev2_msg_authverify failed/)) {
    return causes.psk(tunnel, evidence(/authverify failed|authentication failed for/));
  }
  const dh = lines.flatMap(({ message }) => /want dh (\S+), KE has (\S+)/.exec(message) ?? []);
  if (dh.length > 0) {
    return causes.group(
      tunnel,
      tunnel.phase1.group,
      openbsdName(dh[2] ?? "?"),
      evidence(/want dh/),
    );
  }
  if (has(lines, /unexpected auth method/)) {
    return causes.method(tunnel, evidence(/unexpected auth method/));
  }
  if (role === "responder") {
    const proposals = parsePeerProposals(lines.map(({ message }) => message));
    for (const protocol of ["IKE", "ESP"] as const) {
      if (proposals.some((proposal) => proposal.protocol === protocol)) {
        return causes.proposal(
          tunnel,
          protocol,
          proposals,
          evidence(/ikev2_log_proposal|no proposal chosen/),
        );
      }
    }
    if (has(lines, /localid mismatch/)) {
      return causes.localId(tunnel, evidence(/localid mismatch|no compatible policy/));
    }
    if (has(lines, /no compatible policy found|policy mismatch/)) {
      return causes.remoteId(
        tunnel,
        evidence(/no compatible policy|policy mismatch|authentication failed/),
      );
    }
  }
  return rejected(attempt)
    ? causes.selectors(
        tunnel,
        evidence(/loaded flows|deleted \d+ SPI/),
        "the peer ended the child SA at once",
      )
    : undefined;
}

/** What follows from how far the attempt came; of the rest the peer knows more than we. */
function likely(facts: Facts, { lines, role, agreed }: Attempt): Cause | undefined {
  const evidence = (form: RegExp) => evidenceOf(lines, form);
  const { tunnel } = facts;
  const answered = has(lines, /^recv IKE_SA_INIT res /);
  const authenticating = has(lines, /^send IKE_AUTH req /);
  const authAnswered = has(lines, /^recv IKE_AUTH res /);
  if (has(lines, /policy mismatch|no compatible policy found/)) {
    return causes.remoteId(tunnel, evidence(/policy mismatch|no compatible policy/));
  }
  if (has(lines, /authentication failed notification from peer/)) {
    return causes.authentication(tunnel, evidence(/recv IKE_AUTH res|authentication failed/));
  }
  if (has(lines, /failed to negotiate IKE SA|no proposal chosen|NO_PROPOSAL_CHOSEN/)) {
    return causes.proposal(
      tunnel,
      authenticating || has(lines, /CHILD_SA/) ? "ESP" : "IKE",
      [],
      evidence(/recv IKE_(SA_INIT|AUTH) res|failed to negotiate|no proposal chosen|NO_PROPOSAL/i),
    );
  }
  if (role !== "initiator" || agreed !== undefined) return undefined;
  if (!answered)
    return causes.noAnswer(facts, evidence(/^send IKE_SA_INIT|retransmit|SA_INIT timeout/));
  if (authenticating && !authAnswered) {
    return causes.authUnanswered(tunnel, evidence(/IKE_SA_INIT res|IKE_AUTH|retransmit/));
  }
  return authAnswered && !has(lines, /sa_free/)
    ? causes.selectors(
        tunnel,
        evidence(/IKE_AUTH/),
        "the peer authenticated us, but answered without a child SA",
      )
    : undefined;
}

const TAKEN_BACK = /received delete|deleted \d+ SPI/;
const SILENT = /retransmit limit reached|retransmit \d+ INFORMATIONAL/;

/** It was up: how did it end? Child SAs are deleted in the course of its life too. */
function ended({ tunnel }: Facts, { lines }: Attempt): Cause | undefined {
  const end = lines
    .filter(({ message }) => TAKEN_BACK.test(message) || SILENT.test(message))
    .at(-1);
  if (!end) return undefined;
  return TAKEN_BACK.test(end.message)
    ? causes.peerDeletes(tunnel, evidenceOf(lines, TAKEN_BACK))
    : causes.deadPeer(tunnel, evidenceOf(lines, SILENT));
}
