import { allProposals, type Proposal } from "../proposals";
import type { Phase1, Phase2, Tunnel } from "../schema";
import { enabledTunnels, repeats } from "./places";
import { type Finding, finding, type Rule } from "./rule";

type Phase = Phase1 | Phase2;

function phasesOf(tunnel: Tunnel): readonly (readonly Proposal<Phase>[])[] {
  const { phase1, phase2 } = allProposals<Phase1, Phase2>(tunnel);
  return [phase1, phase2];
}

function limitsAgree(path: string, [first, ...older]: readonly Proposal<Phase>[]): Finding[] {
  if (first === undefined) return [];
  const limits = ({ proposal }: Proposal<Phase>) => ({
    lifetime: proposal.lifetime,
    bytes: "bytes" in proposal ? proposal.bytes : undefined,
  });
  const wanted = limits(first);
  return older.flatMap((one) =>
    (["lifetime", "bytes"] as const)
      .filter((limit) => limits(one)[limit] !== wanted[limit])
      .map((limit) =>
        finding(
          `${path}.${one.key}.${limit}`,
          `is not that of ${first.key}, and iked has one for all proposals`,
          `write ${limit}: ${wanted[limit] ?? ""}`,
        ),
      ),
  );
}

function algorithmsOf({ proposal }: Proposal<Phase>): string {
  const { encryption, integrity, group } = proposal;
  const prf = "prf" in proposal ? proposal.prf : undefined;
  const esn = "esn" in proposal ? proposal.esn : undefined;
  return JSON.stringify([encryption, integrity, prf, group, esn]);
}

export const proposalsOfOnePhase: Rule = {
  code: "GW158",
  check: ({ tunnels }) =>
    tunnels.flatMap(({ path, tunnel }) =>
      phasesOf(tunnel).flatMap((proposals) => [
        ...limitsAgree(path, proposals),
        ...repeats(proposals, algorithmsOf).map(([earlier, { key }]) =>
          finding(`${path}.${key}`, `is the same as ${earlier.key}`, "remove one of the two"),
        ),
      ]),
    ),
};

/** Each transform stands once in a rule of ipsec.conf (ipsecctl parse.y, transform). */
export const oneProposalForIsakmpd: Rule = {
  code: "GW159",
  check: ({ ike, tunnels }) =>
    ike?.daemon !== "isakmpd"
      ? []
      : tunnels.flatMap(({ path, tunnel }) =>
          phasesOf(tunnel)
            .filter(({ length }) => length > 1)
            .map((proposals) =>
              finding(
                `${path}.${phaseOf(proposals)}`,
                "is a list, and a rule of ipsec.conf(5) has one proposal of each phase",
                "write one, or ike.daemon: iked",
              ),
            ),
        ),
};

const phaseOf = ([first]: readonly Proposal<Phase>[]): string =>
  first?.key.replace(/\[\d+\]$/, "") ?? "";

export const olderProposals: Rule = {
  code: "GW162",
  check: (draft) =>
    enabledTunnels(draft).flatMap(({ path, tunnel }) =>
      phasesOf(tunnel).flatMap(([, ...older]) =>
        older.map(({ key }) =>
          finding(
            `${path}.${key}`,
            "is an older proposal that the peer may still choose",
            `remove it once gateway status ${tunnel.name} says that nobody chooses it any more`,
          ),
        ),
      ),
    ),
};
