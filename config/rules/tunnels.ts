import {
  addressOf,
  formatNetwork,
  inside,
  type Network,
  overlap,
  parseAddress,
  parseNetwork,
} from "../net";
import { fixedAddress } from "../peer";
import { familiesOf, selectors } from "../selectors";
import type { Draft, DraftTunnel } from "../draft";
import { enabledTunnels, pairs, parsed, type Place, repeats, side } from "./places";
import { type Finding, finding, type Rule } from "./rule";

export const uniqueName: Rule = {
  code: "GW030",
  check: ({ tunnels }) =>
    repeats(tunnels, ({ tunnel }) => tunnel.name).map(([earlier, { path, tunnel }]) =>
      finding(`${path}.name`, `${tunnel.name} is also ${earlier.path}`, "write another name"),
    ),
};

interface PairPlace {
  readonly path: string;
  readonly text: string;
}

function pairPlaces(entry: DraftTunnel): PairPlace[] {
  const { local, remote } = entry.tunnel;
  const once = { local: [...new Set(local)], remote: [...new Set(remote)] };
  return selectors(once).map(({ from, to }) => ({
    path: `${entry.path}.remote[${entry.tunnel.remote.indexOf(to)}]`,
    text: `${from} to ${to}`,
  }));
}

export const uniquePair: Rule = {
  code: "GW031",
  check: (draft) =>
    repeats(enabledTunnels(draft).flatMap(pairPlaces), ({ text }) => text).map(
      ([earlier, { path, text }]) =>
        finding(path, `the pair ${text} is also at ${earlier.path}`, "remove one of the two"),
    ),
};

export const noOverlap: Rule = {
  code: "GW032",
  check: (draft) => {
    const tunnels = enabledTunnels(draft).map((entry) => ({
      local: parsed(side(entry, "local")),
      remote: parsed(side(entry, "remote")),
    }));
    return pairs(tunnels).flatMap(([earlier, later]) =>
      pairsAcross(earlier.remote, later.remote)
        .filter(([one, other]) => overlap(one.value, other.value))
        .filter(([one, other]) =>
          pairsAcross(earlier.local, later.local).some(
            ([mine, yours]) =>
              overlap(mine.value, yours.value) && !(equal(one, other) && equal(mine, yours)),
          ),
        )
        .map(([one, other]) => overlapping(other, one)),
    );
  },
};

function pairsAcross<T>(some: readonly T[], others: readonly T[]): [T, T][] {
  return some.flatMap((one) => others.map((other): [T, T] => [one, other]));
}

/** Equal pairs are GW031's. */
function equal(one: Place<Network>, other: Place<Network>): boolean {
  return text(one) === text(other);
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
          .map(([earlier, later]) => overlapping(later, earlier)),
      ),
    ),
};

export const remoteIsNotOurs: Rule = {
  code: "GW034",
  check: ({ network, tunnels }) => {
    const own = network && parseNetwork(network.address);
    const lan = own ? [{ path: "network.address", value: own }] : [];
    return tunnels.flatMap((entry) => {
      const ours = [...lan, ...parsed(side(entry, "local"))];
      return parsed(side(entry, "remote")).flatMap((remote) => {
        const hit = ours.find((one) => overlap(one.value, remote.value));
        return hit ? [overlapping(remote, hit)] : [];
      });
    });
  },
};

export const familiesMeet: Rule = {
  code: "GW035",
  check: ({ tunnels }) =>
    tunnels.flatMap((entry) => {
      const { tunnel } = entry;
      return (["local", "remote"] as const).flatMap((which) => {
        const other = which === "local" ? "remote" : "local";
        return parsed(side(entry, which))
          .filter(
            ({ value }) => !familiesOf({ local: [], remote: tunnel[other] }).has(value.family),
          )
          .map(({ path, value }) =>
            finding(
              path,
              `is IPv${value.family}, and ${other} has no IPv${value.family} network`,
              `add one to ${other}, or remove this one`,
            ),
          );
      });
    }),
};

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
      const { probe, local, remote } = tunnel;
      if (!probe) return [];
      return [
        ...outside(`${path}.probe.source`, probe.source, "local", local),
        ...outside(`${path}.probe.target`, probe.target, "remote", remote),
      ];
    }),
};

function outside(path: string, address: string, name: string, nets: readonly string[]): Finding[] {
  if (inside(address, nets)) return [];
  const message = `${address} is in none of the ${name} networks`;
  return [finding(path, message, `write an address in ${nets.join(" or ")}`)];
}

export const peerIsNotUs: Rule = {
  code: "GW038",
  check: ({ network, tunnels }) =>
    tunnels
      .filter(({ tunnel }) => network && isOwn(network, tunnel.peer))
      .map(({ path, tunnel }) =>
        finding(`${path}.peer`, `${tunnel.peer} is the gateway`, "write the other side's address"),
      ),
};

function isOwn(network: NonNullable<Draft["network"]>, address: string): boolean {
  return [addressOf(network.address), network.publicAddress].includes(address);
}

export const uniquePeer: Rule = {
  code: "GW039",
  check: (draft) =>
    draft.ike?.daemon !== "isakmpd"
      ? []
      : repeats(withAddress(draft), ({ tunnel }) => tunnel.peer).map(([earlier, { path }]) =>
          finding(
            `${path}.peer`,
            `is also the peer of ${earlier.path}`,
            "declare all its networks in one tunnel",
          ),
        ),
};

function hasIdentity({ tunnel, declared }: DraftTunnel): boolean {
  return declared.remoteId !== undefined || fixedAddress(tunnel.peer) !== undefined;
}

/** GW192 speaks of the others. */
function withAddress(draft: Draft): DraftTunnel[] {
  return enabledTunnels(draft).filter(({ tunnel }) => fixedAddress(tunnel.peer) !== undefined);
}

export const uniqueRemoteId: Rule = {
  code: "GW050",
  check: (draft) =>
    repeats(
      // GW190 speaks of those that have none.
      enabledTunnels(draft).filter(hasIdentity),
      ({ tunnel: { remoteId } }) => parseAddress(remoteId) ?? remoteId,
    ).map(([earlier, { path, declared }]) =>
      finding(
        declared.remoteId === undefined ? path : `${path}.remoteId`,
        `has the remoteId of ${earlier.path}`,
        "give each peer an identity of its own",
      ),
    ),
};
