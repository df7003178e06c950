import type { Phase1Declaration, Phase2, TunnelDeclaration } from "./schema";

/** One proposal of a phase and its place in the tunnel: `phase1`, or `phase1[1]` in a list. */
export interface Proposal<P> {
  readonly key: string;
  readonly proposal: P;
}

/** The proposals that a tunnel names itself, the preferred one first; none where the profile's holds. */
export function declaredProposals(declared: TunnelDeclaration): {
  readonly phase1: readonly Proposal<Phase1Declaration>[];
  readonly phase2: readonly Proposal<Phase2>[];
} {
  return {
    phase1: placed("phase1", declared.phase1),
    phase2: placed("phase2", declared.phase2),
  };
}

/** Those of one phase. */
export function placed<P extends object>(phase: string, written: P | readonly P[] | undefined) {
  if (written === undefined) return [];
  return isList(written) ? inOrder(phase, written) : [{ key: phase, proposal: written }];
}

function isList<P>(written: P | readonly P[]): written is readonly P[] {
  return Array.isArray(written);
}

function inOrder<P>(phase: string, proposals: readonly P[]): Proposal<P>[] {
  return proposals.map((proposal, index) => ({ key: `${phase}[${index}]`, proposal }));
}

/** What of a tunnel its proposals are. */
export interface Proposals<P1, P2> {
  readonly phase1: P1;
  readonly phase2: P2;
  readonly olderPhase1?: readonly P1[] | undefined;
  readonly olderPhase2?: readonly P2[] | undefined;
}

/** Every proposal of a tunnel, the preferred one first. */
export function allProposals<P1, P2>(
  tunnel: Proposals<P1, P2>,
): {
  readonly phase1: readonly [Proposal<P1>, ...Proposal<P1>[]];
  readonly phase2: readonly [Proposal<P2>, ...Proposal<P2>[]];
} {
  return {
    phase1: withOlder("phase1", tunnel.phase1, tunnel.olderPhase1),
    phase2: withOlder("phase2", tunnel.phase2, tunnel.olderPhase2),
  };
}

function withOlder<P>(
  phase: string,
  first: P,
  older: readonly P[] = [],
): readonly [Proposal<P>, ...Proposal<P>[]] {
  if (older.length === 0) return [{ key: phase, proposal: first }];
  return [
    { key: `${phase}[0]`, proposal: first },
    ...older.map((proposal, index) => ({ key: `${phase}[${index + 1}]`, proposal })),
  ];
}
