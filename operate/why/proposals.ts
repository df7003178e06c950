import type { PeerProposal } from "../../parse/ikedProposals";
import type { DeclaredTunnel } from "../stack/outputs";

export interface Mismatch {
  /** `phase1.group` … */
  readonly field: string;
  readonly wanted: string;
  readonly offered: string;
}

/** The fields of the declared phase in which no proposal of the peer agrees with it. */
export function mismatches(
  { phase1, phase2 }: Pick<DeclaredTunnel, "phase1" | "phase2">,
  proposals: readonly PeerProposal[],
  protocol: "IKE" | "ESP",
): Mismatch[] {
  const phase = protocol === "IKE" ? "phase1" : "phase2";
  const wanted: readonly (readonly [keyof Omit<PeerProposal, "protocol">, string | undefined])[] =
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
        ];
  const ours = proposals.filter((proposal) => proposal.protocol === protocol);
  return wanted.flatMap(([field, value]) => {
    const offered = [...new Set(ours.flatMap((proposal) => proposal[field]))];
    return value === undefined || offered.length === 0 || offered.includes(value)
      ? []
      : [{ field: `${phase}.${field}`, wanted: value, offered: offered.join(" or ") }];
  });
}

/** What is declared, in one line for the other side. */
export function phaseText(
  { phase1, phase2 }: Pick<DeclaredTunnel, "phase1" | "phase2">,
  phase: 1 | 2,
): string {
  const { encryption, integrity, group, lifetime } = phase === 1 ? phase1 : phase2;
  return [
    `encryption ${encryption}`,
    ...(integrity === undefined ? [] : [`integrity ${integrity}`]),
    ...(phase === 1 ? [`PRF ${phase1.prf}`] : []),
    group === "none" ? "no PFS" : `${phase === 1 ? "group" : "PFS group"} ${group}`,
    `lifetime ${lifetime} s`,
  ].join(", ");
}
