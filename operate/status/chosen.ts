import { allProposals, type Proposal } from "../../config/proposals";
import type { ChosenProposal, TunnelStatus } from "../../contract/documents/status";
import type { DeclaredTunnel } from "../../contract/tunnel";
import type { Algorithms } from "../../parse/ikedEvents";
import { fullName } from "./differences";
import type { PairSas } from "./sas";

/**
 * Which of several proposals the SAs were made by. Of those that differ only in what the live state does not
 * tell, such as the group of a first child SA (RFC 7296 1.2), none is named.
 */
export function chosenProposals(
  tunnel: DeclaredTunnel,
  ike: Algorithms | undefined,
  pairs: readonly PairSas[],
  children: readonly (Algorithms | undefined)[],
): TunnelStatus["chosen"] {
  const { phase1, phase2 } = allProposals(tunnel);
  const place = pairs.findIndex(({ out }) => out !== undefined);
  const out = pairs[place]?.out;
  const child = out && {
    encryption: fullName("encryption", out.encryption),
    integrity: fullName("hash", out.integrity),
    group: children[place]?.group,
  };
  const found = { phase1: chosen(phase1, ike), phase2: chosen(phase2, child) };
  return found.phase1 || found.phase2 ? found : undefined;
}

export interface Named {
  readonly encryption: string;
  readonly integrity?: string | undefined;
  readonly prf?: string | undefined;
  readonly group: string;
}

function chosen(
  proposals: readonly Proposal<Named>[],
  live: Algorithms | undefined,
): ChosenProposal | undefined {
  if (live?.encryption === undefined || proposals.length < 2) return undefined;
  const [only, another] = fitting(proposals, live);
  return only === undefined || another !== undefined
    ? undefined
    : { number: only + 1, of: proposals.length };
}

/** The places of the proposals that an SA with these algorithms may have been made by. */
export function fitting(proposals: readonly Proposal<Named>[], live: Algorithms): number[] {
  return proposals.flatMap(({ proposal }, index) =>
    (["encryption", "integrity", "prf", "group"] as const).every(
      (key) => live[key] === undefined || live[key] === proposal[key],
    )
      ? [index]
      : [],
  );
}

/** What is to be said of a phase whose preferred proposal the peer did not choose. */
export function olderChosen({ chosen: found }: TunnelStatus): string[] {
  return ([1, 2] as const).flatMap((phase) => {
    const one = found?.[`phase${phase}`];
    return one === undefined || one.number === 1
      ? []
      : [`phase ${phase} is up by proposal ${one.number} of ${one.of}, an older one`];
  });
}
