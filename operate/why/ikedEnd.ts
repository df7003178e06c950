import type { LogLine } from "../../parse/daemonLog";
import { parsePeerProposals } from "../../parse/ikedProposals";
import { anyOf } from "../../parse/logForms/form";
import { IKED } from "../../parse/logForms/iked";
import type { Cause } from "../../contract/documents/why";
import * as causes from "./causes";
import { evidenceOf, has, lastPlace, newestOf, within } from "./evidence";
import type { Facts } from "./facts";
import type { Attempt } from "./ikedAttempts";
import * as path from "./pathCauses";
import * as proposals from "./proposalCauses";

const RECEIVED_DELETE = anyOf(IKED.receivedDelete, IKED.deletedSpis);
const SILENT =
  /^sa_free: retransmit limit reached$|^retransmit \d+ (?:INFORMATIONAL|CREATE_CHILD_SA) /;
const OTHER_GROUP =
  /^sa_free: (?:unable to select DH group|unsupported group in INVALID_KE message)$/;
const REFUSED = new RegExp(
  `${anyOf(IKED.refused, IKED.noneChosen).source}|${OTHER_GROUP.source}|^sa_free: no proposal chosen`,
);
/** gwctl, ikectl or a reload ended it, not the peer. */
const BY_US =
  /^sa_free: (?:reset (?:sa )?control message|reload|Policy no longer exists|deleting SA|sa replaced)$/;

const ENDS = new RegExp(
  [RECEIVED_DELETE, SILENT, BY_US, IKED.sendFails.form].map(({ source }) => source).join("|"),
);

/** It was up: how did it end? Child SAs are deleted in the course of its life too. */
export function ended(facts: Facts, { lines }: Attempt): Cause | undefined {
  const { tunnel } = facts;
  const since = afterSuccess(lines);
  const evidence = (form: RegExp) => evidenceOf(since, form);
  if (has(since, IKED.interface.form)) {
    return path.interfaceGone(facts, evidence(IKED.interface.form));
  }
  if (has(since, REFUSED)) {
    const offered = parsePeerProposals(since.map(({ message }) => message));
    const shown = new RegExp(`CREATE_CHILD_SA|${IKED.proposal.form.source}|${REFUSED.source}`);
    return proposals.renewalRefused(tunnel, offered, evidence(shown));
  }
  const unsent = IKED.sendFails.form;
  const end = newestOf(since, ENDS);
  if (!end || BY_US.test(end.message)) return undefined;
  if (RECEIVED_DELETE.test(end.message))
    return causes.peerDeletes(tunnel, evidence(RECEIVED_DELETE));
  return has(since, unsent)
    ? path.cannotSend(facts, evidence(unsent))
    : path.deadPeer(tunnel, evidence(SILENT));
}

const SUCCESS = anyOf(IKED.established, IKED.loadedSpis, IKED.rekeyed);

/** The lines since its SAs were made or renewed last, without the end of what was renewed. */
function afterSuccess(lines: readonly LogLine[]): readonly LogLine[] {
  const last = lastPlace(lines, SUCCESS);
  const good = lines[last];
  const renewals = lines.filter(({ message }) => IKED.loadedSpis.form.test(message)).length;
  return lines
    .slice(last + 1)
    .filter(
      (line) =>
        !(
          renewals > 1 &&
          good &&
          IKED.deletedSpis.form.test(line.message) &&
          within(2, good, line)
        ),
    );
}
