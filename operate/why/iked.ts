import { openbsdName, parsePeerProposals } from "../../parse/ikedProposals";
import type { LogLine } from "../../parse/daemonLog";
import type { Cause } from "./cause";
import * as causes from "./causes";
import { evidenceOf, has } from "./evidence";
import type { Facts } from "./facts";
import { attemptsOf, type Attempt } from "./ikedAttempts";

/**
 * Why iked does not bring the tunnel up, by its log: the newest attempt that tells something certain,
 * else the newest that tells anything. Attempts before the last success are history.
 *
 * Messages: iked ikev2.c, ikev2_pld.c, policy.c.
 */
export function ikedCause(facts: Facts): Cause | undefined {
  const attempts = attemptsOf(facts.log, facts.tunnel);
  const good = attempts.filter(({ established, lines }) => established && !rejected(lines)).at(-1);
  const recent = attempts.slice(good ? attempts.indexOf(good) + 1 : 0).reverse();
  for (const judge of [certain, likely]) {
    for (const attempt of recent) {
      const cause = judge(facts, attempt);
      if (cause) return cause;
    }
  }
  return good && recent.length === 0 ? ended(facts, good) : undefined;
}

/** Both ends agreed, but the peer took the child SA back at once. */
function rejected(lines: readonly LogLine[]): boolean {
  const loaded = lines.find(({ message }) => message.includes("loaded SPIs: "));
  const deleted = lines.find(({ message }) => /^(?:\w+: )?deleted \d+ SPIs?: /.test(message));
  return loaded !== undefined && deleted?.stamp === loaded.stamp;
}

/** What only we can know: we saw what the peer sent. */
function certain(facts: Facts, { lines, role }: Attempt): Cause | undefined {
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
  return rejected(lines)
    ? causes.selectors(
        tunnel,
        evidence(/loaded flows|deleted \d+ SPI/),
        "the peer ended the child SA at once",
      )
    : undefined;
}

/** What follows from how far the attempt came; of the rest the peer knows more than we. */
function likely(facts: Facts, { lines, role }: Attempt): Cause | undefined {
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
  if (role !== "initiator" || has(lines, /established peer/)) return undefined;
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

/** It was up: how did it end? */
function ended(facts: Facts, { lines }: Attempt): Cause | undefined {
  const evidence = (form: RegExp) => evidenceOf(lines, form);
  if (has(lines, /received delete|deleted \d+ SPI/)) {
    return causes.peerDeletes(facts.tunnel, evidence(/received delete|deleted \d+ SPI/));
  }
  if (has(lines, /retransmit limit reached|retransmit \d+ INFORMATIONAL/)) {
    return causes.deadPeer(facts.tunnel, evidence(/retransmit/));
  }
  return undefined;
}
