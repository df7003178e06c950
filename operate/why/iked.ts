import { nameOfConstant } from "../../config/algorithms/daemonWords";
import { fixedAddress } from "../../config/peer";
import type { LogLine } from "../../parse/daemonLog";
import { parsePeerProposals } from "../../parse/ikedProposals";
import { IKED } from "../../parse/logForms/iked";
import { anyOf } from "../../parse/logForms/form";
import { allProposals } from "../../config/proposals";
import type { Cause } from "../../contract/documents/why";
import type { DeclaredTunnel } from "../../contract/tunnel";
import * as certificates from "./certificateCauses";
import type { ShownCertificate } from "./certificateCauses";
import * as causes from "./causes";
import { evidenceOf, has, newestOf, within } from "./evidence";
import type { Facts } from "./facts";
import { type Attempt, attemptsOf, policiesIn, rejected, sinceSuccess } from "./ikedAttempts";
import { ended } from "./ikedEnd";
import * as path from "./pathCauses";
import * as proposals from "./proposalCauses";

/** A daemon that tries every minute has logged by then whatever goes wrong, in seconds. */
const TOLD_WITHIN = 120;

/**
 * Why iked does not bring the tunnel up, by its log: the newest attempt with a certain cause,
 * else the newest with any. Attempts begun before the last success are history, and so is
 * what was certain once newer ones end somewhere else.
 */
export function ikedCause(facts: Facts): Cause | undefined {
  const attempts = attemptsOf(facts);
  const { good, since } = sinceSuccess(attempts);
  if (good && since.length === 0) return ended(facts, good);
  const noSocket = facts.log.filter(({ program }) => program === "iked");
  if (attempts.length === 0 && has(noSocket, IKED.noSocket.form)) {
    return path.cannotSend(facts, evidenceOf(noSocket, IKED.noSocket.form));
  }
  const sure = newest(facts, since, certain);
  const guess = newest(facts, sure ? since.slice(since.indexOf(sure.attempt) + 1) : since, likely);
  const cause = sure && !(guess && outdates(guess, sure)) ? sure.cause : guess?.cause;
  // Where renewal fails, what it is begun anew with ends in the same way later, or is not yet answered.
  return cause === undefined || cause.phase === "path" ? (renewal(facts, good) ?? cause) : cause;
}

function renewal(facts: Facts, good: Attempt | undefined): Cause | undefined {
  const cause = good && ended(facts, good);
  return cause?.code === "phase2-proposal" ? cause : undefined;
}

interface Told {
  readonly attempt: Attempt;
  readonly cause: Cause;
}

function newest(
  facts: Facts,
  attempts: readonly Attempt[],
  causeOf: (facts: Facts, attempt: Attempt) => Cause | undefined,
): Told | undefined {
  for (const attempt of [...attempts].reverse()) {
    const cause = causeOf(facts, attempt);
    if (cause) return { attempt, cause };
  }
  return undefined;
}

function outdates(guess: Told, sure: Told): boolean {
  const [then, now] = [sure.attempt.lines[0], guess.attempt.lines[0]];
  return guess.cause.phase !== sure.cause.phase && !(then && now && within(TOLD_WITHIN, then, now));
}

const SECRET = anyOf(IKED.authVerify, IKED.peerKeyInvalid);
const IDENTITY = anyOf(IKED.policyMismatch, IKED.noPolicy);

/** The peer's certificate, as we have logged it. */
const PEERS_CERTIFICATE = /^ikev2_send_auth_failed: (?:issuer|serial|subject|altname): /;

function shownBy(lines: readonly LogLine[]): ShownCertificate {
  const values = (key: string): string[] =>
    lines.flatMap(({ message }) => {
      const [, where, what, value] = IKED.certificateOf.form.exec(message) ?? [];
      return where === "ikev2_send_auth_failed" && what === key ? [value ?? ""] : [];
    });
  return {
    issuer: values("issuer").at(-1),
    serial: values("serial").at(-1),
    names: [...new Set(values("altname"))],
  };
}

/** What only we can know: we saw what the peer sent, or what this machine did not do. */
function certain(facts: Facts, attempt: Attempt): Cause | undefined {
  const { lines, role } = attempt;
  const evidence = (form: RegExp) => evidenceOf(lines, form);
  const { tunnel } = facts;
  if (has(lines, IKED.interface.form)) {
    return path.interfaceGone(facts, evidence(IKED.interface.form));
  }
  if (has(lines, IKED.noPeerKey.form)) {
    const [, name] = found(attempt, IKED.noPeerKey.form);
    const told = evidence(anyOf(IKED.noPeerKey, IKED.authFailedFor));
    if (tunnel.auth === "certificate") return certificates.bareKey(tunnel, told);
    // Without a key of its own to compare with, every signature is as good as a certificate's.
    return tunnel.auth === "publickey"
      ? causes.noPeerKey(tunnel, told, name)
      : causes.method(tunnel, told);
  }
  if (tunnel.auth === "certificate" && has(lines, IKED.noOwnCertificate.form)) {
    return certificates.noneOfOurs(
      tunnel,
      evidence(anyOf(IKED.noOwnCertificate, IKED.certificateOf)),
    );
  }
  if (tunnel.auth === "certificate" && has(lines, IKED.peerKeyInvalid.form)) {
    const known = anyOf(IKED.peerKeyInvalid, IKED.authFailedFor);
    const told = evidence(new RegExp(`${known.source}|${PEERS_CERTIFICATE.source}`));
    return certificates.refused(facts, told, shownBy(lines));
  }
  if (has(lines, SECRET)) {
    return causes.secret(
      tunnel,
      evidence(anyOf(IKED.authVerify, IKED.peerKeyInvalid, IKED.authFailedFor)),
    );
  }
  const [, , theirs] = found(attempt, IKED.dhWanted.form);
  // With several groups the other end begins anew with one that both have.
  if (theirs !== undefined && !groupsOf(tunnel).includes(nameOfConstant("iked", theirs))) {
    const told = evidence(IKED.dhWanted.form);
    return proposals.group(tunnel, tunnel.phase1.group, nameOfConstant("iked", theirs), told);
  }
  if (has(lines, IKED.authMethod.form)) {
    return causes.method(tunnel, evidence(IKED.authMethod.form));
  }
  if (role === "responder") {
    const offered = parsePeerProposals(lines.map(({ message }) => message));
    for (const protocol of ["IKE", "ESP"] as const) {
      if (offered.some((proposal) => proposal.protocol === protocol)) {
        const shown = evidence(anyOf(IKED.proposal, IKED.noneChosen));
        return proposals.proposal(tunnel, protocol, offered, shown);
      }
    }
    const other = takenFor(facts, attempt);
    if (other !== undefined && has(lines, IKED.noPolicy.form)) {
      return proposals.fitsAnotherTunnel(
        tunnel,
        other,
        evidence(new RegExp(`^recv IKE_|${IKED.noPolicy.form.source}`)),
      );
    }
    if (has(lines, IKED.localId.form)) {
      return causes.localId(tunnel, evidence(anyOf(IKED.localId, IKED.noPolicy)));
    }
  }
  if (has(lines, IDENTITY)) {
    const [, shown] = found(attempt, IKED.authFailedFor.form);
    const told = evidence(anyOf(IKED.policyMismatch, IKED.noPolicy, IKED.authFailedFor));
    if (role === "responder" || (shown ?? "") !== "") return causes.remoteId(tunnel, told, shown);
  }
  return rejected(attempt)
    ? causes.selectors(
        tunnel,
        evidence(anyOf(IKED.loadedFlows, IKED.deletedSpis)),
        "the peer ended the child SA at once",
      )
    : undefined;
}

/** The tunnel to any address whose policy iked took for a peer with an address of its own, if it did. */
function takenFor({ tunnel, anyPeers }: Facts, { lines }: Attempt): string | undefined {
  if (fixedAddress(tunnel.peer) === undefined) return undefined;
  const last = policiesIn(lines).at(-1);
  return anyPeers.find(({ name }) => name === last)?.name;
}

/** The parts of the newest line of a form. */
function found({ lines }: Attempt, form: RegExp): readonly (string | undefined)[] {
  return form.exec(newestOf(lines, form)?.message ?? "") ?? [];
}

const AUTH_REFUSED = /^sa_free: authentication failed notification from peer$/;
const OTHER_GROUP =
  /^sa_free: (?:unable to select DH group|unsupported group in INVALID_KE message)$/;
const UNSENT = /^sa_free: (?:failed to send SA_INIT|retransmit failed)$/;
const NO_PROPOSAL = /^sa_free: no proposal chosen/;

/** What follows from how far the attempt came; of the rest the peer knows more than we. */
function likely(facts: Facts, { lines, role, agreed }: Attempt): Cause | undefined {
  const evidence = (form: RegExp) => evidenceOf(lines, form);
  const { tunnel } = facts;
  const answered = has(lines, /^recv IKE_SA_INIT res /);
  const authenticating = has(lines, /^send IKE_AUTH req /);
  const authAnswered = has(lines, /^recv IKE_AUTH res /);
  if (has(lines, IDENTITY)) return causes.remoteId(tunnel, evidence(IDENTITY));
  if (has(lines, AUTH_REFUSED)) {
    return causes.authentication(
      tunnel,
      evidence(new RegExp(`^recv IKE_AUTH res |${AUTH_REFUSED.source}`)),
    );
  }
  if (has(lines, OTHER_GROUP)) {
    return proposals.group(
      tunnel,
      tunnel.phase1.group,
      "another, which it names",
      evidence(OTHER_GROUP),
    );
  }
  const refusal = anyOf(IKED.refused, IKED.noneChosen);
  if (has(lines, refusal) || has(lines, NO_PROPOSAL)) {
    const shown = new RegExp(
      `^recv IKE_(?:SA_INIT|AUTH) res |${refusal.source}|${NO_PROPOSAL.source}`,
    );
    return proposals.proposal(tunnel, authenticating ? "ESP" : "IKE", [], evidence(shown));
  }
  if (role !== "initiator" || agreed !== undefined) return undefined;
  // What the kernel did not take never reached the peer.
  const unsent = new RegExp(`${IKED.sendFails.form.source}|${UNSENT.source}`);
  if (has(lines, unsent) && !(answered && !authenticating)) {
    return path.cannotSend(facts, evidence(new RegExp(`^send |${unsent.source}`)));
  }
  if (!answered)
    return path.noAnswer(facts, evidence(/^send IKE_SA_INIT|^retransmit|SA_INIT timeout/));
  if (authenticating && !authAnswered) {
    const unanswered = evidence(/^send IKE_AUTH|^retransmit/);
    return (
      path.refused(facts, unanswered) ??
      path.authUnanswered(tunnel, evidence(/IKE_SA_INIT res|IKE_AUTH|retransmit/))
    );
  }
  return authAnswered && !has(lines, IKED.freed.form)
    ? causes.selectors(
        tunnel,
        evidence(/IKE_AUTH/),
        "the peer authenticated us, but answered without a child SA",
      )
    : undefined;
}

function groupsOf(tunnel: DeclaredTunnel): string[] {
  return allProposals(tunnel).phase1.map(({ proposal }) => proposal.group);
}
