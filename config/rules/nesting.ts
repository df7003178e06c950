import { formatNetwork } from "../net";
import { holds, nestedOf, overlappingPairs } from "../nesting";
import type { Draft, DraftTunnel } from "../draft";
import { isRouted } from "../tunnelInterface";
import { enabledTunnels, type PairPlace, pairsOnce, pairText } from "./places";
import { type Finding, finding, type Rule } from "./rule";

const APART = "write networks that have no address in common";

interface Member extends PairPlace {
  readonly entry: DraftTunnel;
  readonly order: number;
}

/** Two pairs of different tunnels that a packet may fit both of, the one with the wider remote network first. */
function shared(draft: Draft): [Member, Member][] {
  const members = enabledTunnels(draft).flatMap((entry, order) =>
    pairsOnce(entry).map((place): Member => ({ ...place, entry, order })),
  );
  // Equal pairs are GW031's.
  return overlappingPairs(members).filter(
    ([one, other]) => one.entry !== other.entry && pairText(one) !== pairText(other),
  );
}

interface Nested {
  readonly wide: Member;
  readonly near: Member;
}

/** Of networks that meet for several partners it is said once. */
function once(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((one) => [`${one.path} ${one.message}`, one])).values()];
}

const text = ({ remote }: Member): string => formatNetwork(remote);
const named = (member: Member): string => `${member.path} (${text(member)})`;

export const noCrossing: Rule = {
  code: "GW032",
  check: (draft) =>
    once(
      shared(draft)
        .filter(([one, other]) => !holds(one, other) && !holds(other, one))
        .map((pair) => pair.sort((a, b) => a.order - b.order))
        .map(([earlier, later]) =>
          finding(
            later.path,
            `${pairText(later)} crosses ${earlier.path} (${pairText(earlier)}): each is wider on one side`,
            APART,
          ),
        ),
    ),
};

/** Of those that are chosen between by the kernel's flows: a route-based tunnel has none. */
function nestedFlows(draft: Draft): Nested[] {
  return nestedOf(shared(draft)).filter(({ wide }) => !isRouted(wide.entry.tunnel));
}

export const wideBeginsElsewhere: Rule = {
  code: "GW230",
  check: (draft) =>
    once(
      nestedFlows(draft)
        .filter(({ wide, near }) => near.traffic === undefined && beginTogether(wide, near))
        .map(({ wide, near }) =>
          finding(
            wide.path,
            `${text(wide)} begins with the same address as ${named(near)}, which lies in it`,
            `write networks that hold the rest of ${text(wide)}, in place of it`,
          ),
        ),
    ),
};

function beginTogether(wide: Member, near: Member): boolean {
  return wide.local.first === near.local.first && wide.remote.first === near.remote.first;
}

export const wideCarriesAll: Rule = {
  code: "GW231",
  check: (draft) =>
    once(
      nestedFlows(draft)
        .filter(({ wide }) => wide.traffic !== undefined)
        .map(({ wide, near }) =>
          finding(
            wide.path,
            `${text(wide)} holds ${named(near)}, and its tunnel has traffic`,
            `remove the traffic of ${text(wide)}, or ${APART}`,
          ),
        ),
    ),
};

export const wideIsUntranslated: Rule = {
  code: "GW232",
  check: (draft) =>
    once(
      nestedFlows(draft)
        .filter(({ wide }) => wide.entry.tunnel.nat !== undefined)
        .map(({ wide, near }) =>
          finding(wide.path, `${text(wide)} holds ${named(near)}, and its tunnel has nat`, APART),
        ),
    ),
};

export const nearHasFlows: Rule = {
  code: "GW233",
  check: (draft) =>
    once(
      nestedFlows(draft)
        .filter(({ near }) => isRouted(near.entry.tunnel))
        .map(({ wide, near }) =>
          finding(
            near.path,
            `${text(near)} is routed, and lies in ${named(wide)}, which is not`,
            `write kind: policy here or kind: ${near.entry.tunnel.kind} there, or ${APART}`,
          ),
        ),
    ),
};

export const nearFallsIntoWide: Rule = {
  code: "GW234",
  check: (draft) =>
    once(
      nestedFlows(draft).map(({ wide, near }) =>
        finding(
          near.path,
          `${text(near)} lies in ${named(wide)}: while this tunnel is down, its packets go there`,
          `nothing if the peer there may see them, else ${APART}`,
        ),
      ),
    ),
};
