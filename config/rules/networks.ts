import { EVERYWHERE } from "../exceptions";
import { family, formatNetwork, inside, type Network, overlap } from "../net";
import { localNetworks, remoteNetworks } from "../pairs";
import { betweenEnds } from "../probeSource";
import { familiesOf } from "../selectors";
import type { DraftTunnel } from "../draft";
import {
  enabledTunnels,
  list,
  ownNetworks,
  pairs,
  pairsOnce,
  type PairPlace,
  pairText,
  parsed,
  type Place,
  repeats,
  side,
} from "./places";
import { type Finding, finding, type Rule } from "./rule";

export const networksOnce: Rule = {
  code: "GW085",
  check: ({ tunnels }) =>
    tunnels.flatMap(({ path, declared: { local, remote, pairs: own } }) => {
      const missing = (["local", "remote"] as const).filter((key) => !{ local, remote }[key]);
      if (own === undefined) {
        return missing.map((key) =>
          finding(
            `${path}.${key}`,
            "is missing",
            'write a list such as ["10.20.1.0/24"], or pairs in place of local and remote',
          ),
        );
      }
      if (missing.length === 2) return [];
      const message = "stands beside local or remote";
      return [finding(`${path}.pairs`, message, "write pairs, or the two lists")];
    }),
};

export const uniquePair: Rule = {
  code: "GW031",
  check: (draft) =>
    repeats(enabledTunnels(draft).flatMap(ofGroup), ({ place }) => pairText(place))
      .filter(([one, other]) => one.group === undefined || one.group !== other.group)
      .map(([earlier, { place }]) =>
        finding(
          place.path,
          `the pair ${pairText(place)} is also at ${earlier.place.path}`,
          "remove one of the two, or write kind: route and a group in both",
        ),
      ),
};

function ofGroup(entry: DraftTunnel): { place: PairPlace; group: string | undefined }[] {
  return pairsOnce(entry).map((place) => ({ place, group: entry.tunnel.group?.name }));
}

function overlapping(place: Place<Network>, other: Place<Network>): Finding {
  return finding(
    place.path,
    `${text(place)} overlaps ${other.path} (${text(other)})`,
    "write networks that have no address in common",
  );
}

function text({ value }: Place<Network>): string {
  return formatNetwork(value);
}

export const noOverlapWithin: Rule = {
  code: "GW033",
  check: ({ tunnels }) =>
    tunnels.flatMap((entry) =>
      (["local", "remote"] as const).flatMap((which) =>
        pairs(parsed(side(entry, which)))
          .filter(([earlier, later]) => overlap(earlier.value, later.value))
          // A network may have several partners.
          .filter(([one, other]) => entry.declared.pairs === undefined || text(one) !== text(other))
          .map(([earlier, later]) => overlapping(later, earlier)),
      ),
    ),
};

export const remoteIsNotOurs: Rule = {
  code: "GW034",
  check: ({ network, tunnels }) => {
    const lan = ownNetworks(network);
    return tunnels.flatMap((entry) => {
      const ours = [...lan, ...parsed(side(entry, "local"))];
      return parsed(side(entry, "remote")).flatMap((remote) => {
        if (text(remote) === EVERYWHERE) return [];
        const hit = ours.find((one) => overlap(one.value, remote.value));
        return hit ? [overlapping(remote, hit)] : [];
      });
    });
  },
};

export const familiesMeet: Rule = {
  code: "GW035",
  check: ({ tunnels }) => tunnels.flatMap((entry) => [...inLists(entry), ...inPairs(entry)]),
};

function inLists({ path, declared }: DraftTunnel): Finding[] {
  const { local, remote } = declared;
  if (local === undefined || remote === undefined) return [];
  const lists = { local, remote };
  return (["local", "remote"] as const).flatMap((which) => {
    const other = which === "local" ? "remote" : "local";
    const partners = new Set(lists[other].map(family));
    return parsed(list(`${path}.${which}`, lists[which]))
      .filter(({ value }) => !partners.has(value.family))
      .map((place) =>
        finding(
          place.path,
          `is IPv${place.value.family}, and ${other} has no IPv${place.value.family} network`,
          `add one to ${other}, or remove this one`,
        ),
      );
  });
}

function inPairs({ path, declared: { pairs: own = [] } }: DraftTunnel): Finding[] {
  return own.flatMap(({ local, remote }, index) => {
    const [one, other] = [family(local), family(remote)];
    if (one === undefined || other === undefined || one === other) return [];
    const message = `is IPv${one} on our side and IPv${other} on the peer's`;
    return [finding(`${path}.pairs[${index}]`, message, "write two networks of one family")];
  });
}

export const oneFamilyForIked: Rule = {
  code: "GW036",
  check: ({ ike, tunnels }) =>
    ike?.daemon !== "iked"
      ? []
      : tunnels
          .filter(({ tunnel }) => familiesOf(tunnel).size > 1)
          .map(({ path }) =>
            finding(
              path,
              "has IPv4 and IPv6 networks in one iked policy",
              "declare one tunnel per family, each with a remoteId of its own",
            ),
          ),
};

export const probeInside: Rule = {
  code: "GW037",
  check: ({ tunnels }) =>
    tunnels.flatMap(({ path, tunnel }) => {
      const { probe } = tunnel;
      if (!probe || betweenEnds(tunnel)) return [];
      const [source, target] = [`${path}.probe.source`, `${path}.probe.target`];
      const found = [
        ...outside(source, probe.source, "local", localNetworks(tunnel)),
        ...outside(target, probe.target, "remote", remoteNetworks(tunnel)),
      ];
      if (found.length > 0) return found;
      const leadsTo = tunnel.pairs.filter(({ local }) => inside(probe.source, [local]));
      const reached = leadsTo.map(({ remote }) => remote);
      if (inside(probe.target, reached)) return [];
      const message = `${probe.target} is in no pair with ${probe.source}`;
      return [finding(target, message, `write an address in ${reached.join(" or ")}`)];
    }),
};

function outside(path: string, address: string, name: string, nets: readonly string[]): Finding[] {
  if (inside(address, nets)) return [];
  const message = `${address} is in none of the ${name} networks`;
  return [finding(path, message, `write an address in ${nets.join(" or ")}`)];
}
