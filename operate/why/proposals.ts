import type { PeerProposal } from "../../parse/ikedProposals";
import type { DeclaredTunnel } from "../../contract/tunnel";

export interface Mismatch {
  /** `phase1.group` … */
  readonly field: string;
  readonly wanted: string;
  readonly offered: string;
}

type Phases = Pick<DeclaredTunnel, "phase1" | "phase2">;
type Field = keyof Omit<PeerProposal, "protocol">;

/**
 * The fields of the declared phase with which a proposal of the peer does not agree: of the proposal that
 * comes nearest, and of each other one that comes as near. A proposal is taken as a whole: what stands in
 * two of them does not make one that fits.
 *
 * @param renews the proposals are for a renewal: without a group there they are without PFS
 */
export function mismatches(
  { phase1, phase2 }: Phases,
  proposals: readonly PeerProposal[],
  protocol: "IKE" | "ESP",
  renews = false,
): Mismatch[][] {
  const phase = protocol === "IKE" ? "phase1" : "phase2";
  const wanted: readonly (readonly [Field, string | undefined])[] =
    protocol === "IKE"
      ? [
          ["encryption", phase1.encryption],
          ["integrity", phase1.integrity],
          ["prf", phase1.prf],
          ["group", phase1.group],
        ]
      : [
          ["encryption", phase2.encryption],
          ["integrity", phase2.integrity],
          ["group", phase2.group],
        ];
  const offeredBy = (proposal: PeerProposal, field: Field) =>
    renews && field === "group" && proposal.group.length === 0 ? ["none"] : proposal[field];
  const each = proposals
    .filter((proposal) => proposal.protocol === protocol)
    .map((proposal) =>
      wanted.flatMap(([field, value]) => {
        const offered = offeredBy(proposal, field);
        return value === undefined || offered.length === 0 || offered.includes(value)
          ? []
          : [{ field: `${phase}.${field}`, wanted: value, offered: offered.join(" or ") }];
      }),
    );
  const least = Math.min(...each.map(({ length }) => length));
  const nearest = each.filter(({ length }) => length === least);
  const texts = nearest.map((one) => JSON.stringify(one));
  return nearest.filter((_, place) => texts.indexOf(texts[place] ?? "") === place);
}

/** What is declared, in one line for the other side. */
export function phaseText({ phase1, phase2 }: Phases, phase: 1 | 2): string {
  const { encryption, integrity, group, lifetime } = phase === 1 ? phase1 : phase2;
  return [
    `encryption ${encryption}`,
    ...(integrity === undefined ? [] : [`integrity ${integrity}`]),
    ...(phase === 1 ? [`PRF ${phase1.prf}`] : []),
    group === "none" ? "no PFS" : `${phase === 1 ? "group" : "PFS group"} ${group}`,
    `lifetime ${lifetime} s`,
  ].join(", ");
}
