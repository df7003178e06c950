import { type Discouraged, DISCOURAGED } from "./algorithms";
import { allProposals, type Proposals } from "./proposals";
import type { Phase1, Phase2 } from "./schema";

export interface Weakness {
  /** Path in the tunnel: `phase1.group`. */
  readonly key: string;
  readonly algorithm: string;
  readonly first: Discouraged;
}

/** What a tunnel uses, by itself or through its profile, that is weaker than `compat`. */
export function weaknesses(tunnel: Proposals<Phase1, Phase2>): Weakness[] {
  const { phase1, phase2 } = allProposals(tunnel);
  const used: [key: string, algorithm: string | undefined][] = [
    ...phase1.flatMap(({ key, proposal }): [string, string | undefined][] => [
      [`${key}.encryption`, proposal.encryption],
      [`${key}.integrity`, proposal.integrity],
      [`${key}.prf`, proposal.prf === proposal.integrity ? undefined : proposal.prf],
      [`${key}.group`, proposal.group],
    ]),
    ...phase2.flatMap(({ key, proposal }): [string, string | undefined][] => [
      [`${key}.encryption`, proposal.encryption],
      [`${key}.integrity`, proposal.integrity],
      [`${key}.group`, proposal.group],
    ]),
  ];
  return used.flatMap(([key, algorithm]) => {
    const [first] = algorithm === undefined ? [] : (DISCOURAGED.get(algorithm) ?? []);
    return first === undefined || algorithm === undefined ? [] : [{ key, algorithm, first }];
  });
}
