import { ownAddresses } from "../arms";
import { EVERYWHERE } from "../exceptions";
import {
  addressOf,
  contains,
  family,
  formatNetwork,
  hostNetwork,
  inside,
  parseNetwork,
} from "../net";
import type { Traffic } from "../schema";
import { selectors } from "../selectors";
import { tunnelInterface } from "../tunnelInterface";
import type { DraftTunnel } from "../draft";
import { enabledTunnels, parsed, side } from "./places";
import { type Finding, finding, type Rule } from "./rule";

export const noDefaultRoute: Rule = {
  code: "GW068",
  check: ({ tunnels }) =>
    tunnels.flatMap((entry) => {
      // Of its exceptions the kernel's flows take care, which a route-based tunnel has none of.
      const allowed = entry.tunnel.kind === "policy" ? EVERYWHERE : undefined;
      const remotes = parsed(side(entry, "remote")).filter(
        ({ value }) => formatNetwork(value) !== allowed,
      );
      return [...parsed(side(entry, "local")), ...remotes]
        .filter(({ value }) => value.prefix === 0)
        .map(({ path, value }) =>
          finding(
            path,
            `${formatNetwork(value)} is everything`,
            "write the networks; a peer that wants 0/0 selectors gets them with kind: route",
          ),
        );
    }),
};

function atTraffic({ path, declared }: DraftTunnel, check: Check): Finding[] {
  const { traffic, pairs = [] } = declared;
  const lists = [
    { at: path, traffic },
    ...pairs.map((pair, index) => ({ at: `${path}.pairs[${index}]`, traffic: pair.traffic })),
  ];
  return lists.flatMap(({ at, traffic: list = [] }) =>
    list.flatMap((one, index) =>
      check(one).map(([message, fix]) => finding(`${at}.traffic[${index}]`, message, fix)),
    ),
  );
}
type Check = (entry: Traffic) => [message: string, fix: string][];

function hasPort({ localPort, remotePort }: Traffic): boolean {
  return localPort !== undefined || remotePort !== undefined;
}

export const portsOfProtocol: Rule = {
  code: "GW072",
  check: ({ tunnels }) =>
    tunnels.flatMap((entry) =>
      atTraffic(entry, (one) =>
        hasPort(one) && !["tcp", "udp"].includes(one.protocol)
          ? [[`${one.protocol} has no ports`, "remove localPort and remotePort"]]
          : [],
      ),
    ),
};

export const trafficOfFamily: Rule = {
  code: "GW074",
  check: ({ tunnels }) =>
    tunnels.flatMap(({ path, tunnel, declared: { pairs = [] } }) => {
      const index = tunnel.pairs.findIndex((pair) => selectors({ pairs: [pair] }).length === 0);
      const idle = tunnel.pairs[index];
      if (idle === undefined) return [];
      const own = pairs[index]?.traffic === undefined ? "" : `.pairs[${index}]`;
      const message = `has nothing for ${idle.local} to ${idle.remote}`;
      return [finding(`${path}${own}.traffic`, message, "add a protocol of that family")];
    }),
};

export const probeIsTraffic: Rule = {
  code: "GW075",
  check: ({ ike, tunnels }) =>
    tunnels.flatMap(({ path, tunnel: { kind, probe, pairs } }) => {
      if (!ike || !probe || kind === "route") return [];
      const ping = family(probe.target) === 6 ? "icmp6" : "icmp";
      const its = pairs.filter(({ remote }) => inside(probe.target, [remote]));
      const carries = its.some(
        ({ traffic }) => traffic?.some(({ protocol }) => protocol === ping) ?? true,
      );
      if (carries || its.length === 0) return [];
      // iked has no form for a further protocol (GW073).
      const fix = ike.daemon === "iked" ? "remove traffic" : `add protocol: ${ping} to traffic`;
      const message = `is a ping, and traffic has no ${ping}`;
      return [finding(`${path}.probe`, message, `${fix}, or remove the probe`)];
    }),
};

export const probeToAHost: Rule = {
  code: "GW245",
  check: ({ tunnels }) =>
    tunnels.flatMap(({ path, tunnel: { probe, pairs } }) => {
      const target = probe && hostNetwork(probe.target);
      if (target?.family !== 4) return [];
      const within = pairs
        .flatMap(({ remote }) => parseNetwork(remote) ?? [])
        .filter((one) => contains(one, target) && one.prefix < 31);
      const ends = within.find(({ first, last }) => [first, last].includes(target.first));
      if (!ends) return [];
      const which = target.first === ends.first ? "network's own" : "broadcast";
      const message = `${target.address} is the ${which} address of ${formatNetwork(ends)}`;
      return [finding(`${path}.probe.target`, message, "write a host that answers pings")];
    }),
};

export const probeWanted: Rule = {
  code: "GW086",
  check: (draft) =>
    enabledTunnels(draft)
      .filter(({ tunnel: { probe } }) => probe === undefined)
      .map(({ path }) =>
        finding(
          path,
          "has no probe, so it is neither proven nor reset when it dies",
          "write probe: {source, target} with a host there that answers pings",
        ),
      ),
};

export const probeFromHere: Rule = {
  code: "GW087",
  check: ({ network, tunnels }) =>
    tunnels.flatMap(({ path, tunnel }) => {
      const { probe } = tunnel;
      if (!network || !probe) return [];
      const through = tunnelInterface(tunnel);
      const own = [...ownAddresses(network), ...(through ? [addressOf(through.address)] : [])];
      if (own.includes(probe.source)) return [];
      return [
        finding(
          `${path}.probe.source`,
          `${probe.source} is not an address of the gateway that the stack knows`,
          `write ${own.join(" or ")}, or give the gateway that address too`,
        ),
      ];
    }),
};
