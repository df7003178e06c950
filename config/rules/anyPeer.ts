import { ANY_PEER } from "../peer";
import type { Draft, DraftTunnel } from "../draft";
import { allProposals } from "../proposals";
import type { Phase1, Phase2 } from "../schema";
import { enabledTunnels } from "./places";
import { finding, type Rule } from "./rule";

function roaming(tunnels: readonly DraftTunnel[]): DraftTunnel[] {
  return tunnels.filter(({ tunnel }) => tunnel.peer === ANY_PEER);
}

export const anyPeerIsNamed: Rule = {
  code: "GW190",
  check: ({ tunnels }) =>
    roaming(tunnels)
      .filter(({ declared }) => declared.remoteId === undefined)
      .map(({ path }) =>
        finding(
          `${path}.remoteId`,
          "is missing, and peer is any",
          "write the identity that this peer sends, such as road1.example.net",
        ),
      ),
};

export const anyPeerStarts: Rule = {
  code: "GW191",
  check: ({ tunnels }) =>
    roaming(tunnels)
      .filter(({ tunnel }) => tunnel.mode === "active")
      .map(({ path }) =>
        finding(
          `${path}.mode`,
          "is active, and peer is any: there is no address to start to",
          "write mode: passive, and have the peer start",
        ),
      ),
};

export const anyPeerNeedsIked: Rule = {
  code: "GW192",
  check: ({ ike, tunnels }) =>
    ike?.daemon !== "isakmpd"
      ? []
      : roaming(tunnels).map(({ path }) =>
          finding(
            `${path}.peer`,
            "is any, and isakmpd cannot tell such peers apart",
            "write the peer's address, or ike.daemon: iked",
          ),
        ),
};

/** The identity comes after phase 1 is agreed on: until then one such peer is like the other. */
export const anyPeersAgree: Rule = {
  code: "GW193",
  check: (draft: Draft) => {
    const [first, ...others] = roaming(enabledTunnels(draft));
    return others
      .filter(({ tunnel }) => first && !samePhase1(tunnel, first.tunnel))
      .map(({ path, declared }) =>
        finding(
          declared.phase1 === undefined ? path : `${path}.phase1`,
          `has another phase 1 than ${first?.path ?? ""}, and both have peer: any`,
          "write the same in both, or have each peer offer its own phase 1 only",
        ),
      );
  },
};

type Resolved = DraftTunnel["tunnel"];

function samePhase1(one: Resolved, other: Resolved): boolean {
  const { phase1: ours } = allProposals<Phase1, Phase2>(one);
  const { phase1: theirs } = allProposals<Phase1, Phase2>(other);
  return (
    ours.length === theirs.length &&
    ours.every(({ proposal }, place) =>
      (["encryption", "integrity", "prf", "group"] as const).every(
        (part) => proposal[part] === theirs[place]?.proposal[part],
      ),
    )
  );
}
