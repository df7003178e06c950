import type { PeerProposal } from "../../parse/ikedProposals";
import { allProposals } from "../../config/proposals";
import type { DeclaredTunnel } from "../../contract/tunnel";

export interface Mismatch {
  /** `phase1.group` … */
  readonly field: string;
  readonly wanted: string;
  readonly offered: string;
}

type Phases = Pick<DeclaredTunnel, "phase1" | "phase2" | "olderPhase1" | "olderPhase2">;
type Wanted = readonly (readonly [Field, string | undefined])[];
type Field = keyof Omit<PeerProposal, "protocol">;

/**
 * The fields in which a proposal of ours and one of the peer do not agree: of the two that come nearest, and of
 * each other two that come as near. A proposal is taken as a whole: what stands in two of them does not make one
 * that fits.
 *
 * @param renews the proposals are for a renewal: without a group there they are without PFS
 */
export function mismatches(
  tunnel: Phases,
  proposals: readonly PeerProposal[],
  protocol: "IKE" | "ESP",
  renews = false,
): Mismatch[][] {
  const phase = protocol === "IKE" ? "phase1" : "phase2";
  const { phase1, phase2 } = allProposals(tunnel);
  const ours: readonly Wanted[] =
    protocol === "IKE"
      ? phase1.map(({ proposal }) => [
          ["encryption", proposal.encryption],
          ["integrity", proposal.integrity],
          ["prf", proposal.prf],
          ["group", proposal.group],
        ])
      : phase2.map(({ proposal }) => [
          ["encryption", proposal.encryption],
          ["integrity", proposal.integrity],
          ["group", proposal.group],
        ]);
  const offeredBy = (proposal: PeerProposal, field: Field) =>
    renews && field === "group" && proposal.group.length === 0 ? ["none"] : proposal[field];
  const each = proposals
    .filter((proposal) => proposal.protocol === protocol)
    .flatMap((proposal) =>
      ours.map((wanted) =>
        wanted.flatMap(([field, value]) => {
          const offered = offeredBy(proposal, field);
          return value === undefined || offered.length === 0 || offered.includes(value)
            ? []
            : [{ field: `${phase}.${field}`, wanted: value, offered: offered.join(" or ") }];
        }),
      ),
    );
  const least = Math.min(...each.map(({ length }) => length));
  const nearest = each.filter(({ length }) => length === least);
  const texts = nearest.map((one) => JSON.stringify(one));
  return nearest.filter((_, place) => texts.indexOf(texts[place] ?? "") === place);
}

/** What is declared, in one line for the other side. */
export function phaseText(tunnel: Phases, phase: 1 | 2): string {
  const { phase1, phase2 } = allProposals(tunnel);
  const texts =
    phase === 1
      ? phase1.map(({ proposal }) => proposalText(1, proposal, proposal.prf))
      : phase2.map(({ proposal }) => proposalText(2, proposal));
  return texts.join("; or ");
}

function proposalText(
  phase: 1 | 2,
  { encryption, integrity, group, lifetime }: DeclaredTunnel["phase2"],
  prf?: string,
): string {
  return [
    `encryption ${encryption}`,
    ...(integrity === undefined ? [] : [`integrity ${integrity}`]),
    ...(prf === undefined ? [] : [`PRF ${prf}`]),
    group === "none" ? "no PFS" : `${phase === 1 ? "group" : "PFS group"} ${group}`,
    `lifetime ${lifetime} s`,
  ].join(", ");
}
