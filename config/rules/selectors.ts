import { addressOf, family, formatNetwork, hostNetwork, overlap } from "../net";
import { familiesOf, natNetwork, networkPairs, selectors } from "../selectors";
import type { DraftTunnel } from "../draft";
import { enabledTunnels, parsed, repeats, side } from "./places";
import { type Finding, finding, type Rule } from "./rule";

export const noDefaultRoute: Rule = {
  code: "GW068",
  reason: "a flow for everything would take the gateway's own SSH, DNS and IKE into the tunnel",
  check: ({ tunnels }) =>
    tunnels.flatMap((entry) =>
      [...parsed(side(entry, "local")), ...parsed(side(entry, "remote"))]
        .filter(({ value }) => value.prefix === 0)
        .map(({ path, value }) =>
          finding(
            path,
            `${formatNetwork(value)} is everything`,
            "write the networks; a peer that wants 0/0 selectors gets them with kind: route",
          ),
        ),
    ),
};

function atTraffic({ path, tunnel }: DraftTunnel, check: Check): Finding[] {
  return (tunnel.traffic ?? []).flatMap((one, index) =>
    check(one).map(([message, fix]) => finding(`${path}.traffic[${index}]`, message, fix)),
  );
}
type TrafficEntry = NonNullable<DraftTunnel["tunnel"]["traffic"]>[number];
type Check = (entry: TrafficEntry) => [message: string, fix: string][];

function hasPort({ localPort, remotePort }: TrafficEntry): boolean {
  return localPort !== undefined || remotePort !== undefined;
}

export const portsOfProtocol: Rule = {
  code: "GW072",
  reason: "only tcp and udp have ports (ipsec.conf(5), iked.conf(5), pf.conf(5))",
  check: ({ tunnels }) =>
    tunnels.flatMap((entry) =>
      atTraffic(entry, (one) =>
        hasPort(one) && !["tcp", "udp"].includes(one.protocol)
          ? [[`${one.protocol} has no ports`, "remove localPort and remotePort"]]
          : [],
      ),
    ),
};

export const oneProtocolForIked: Rule = {
  code: "GW073",
  reason: "an iked policy has one list of protocols, and each holds for each pair of ports",
  check: ({ ike, tunnels }) =>
    ike?.daemon !== "iked"
      ? []
      : tunnels.flatMap(({ path, tunnel: { kind, traffic = [] } }) => {
          if (kind === "route") return [];
          const protocols = new Set(traffic.map(({ protocol }) => protocol));
          if (protocols.size < 2 || !traffic.some(hasPort)) return [];
          return [
            finding(
              `${path}.traffic`,
              `has ports, and ${[...protocols].join(" and ")}`,
              "declare one tunnel per protocol, each with a remoteId of its own, or leave the ports out",
            ),
          ];
        }),
};

export const trafficOfFamily: Rule = {
  code: "GW074",
  reason: "icmp is IPv4's and icmp6 IPv6's: networks without any traffic would reach nothing",
  check: ({ tunnels }) =>
    tunnels.flatMap(({ path, tunnel }) => {
      const carried = new Set(selectors(tunnel).map(({ from, to }) => `${from} ${to}`));
      const idle = networkPairs(tunnel).find(({ from, to }) => !carried.has(`${from} ${to}`));
      if (idle === undefined) return [];
      const message = `has nothing for ${idle.from} to ${idle.to}`;
      return [finding(`${path}.traffic`, message, "add a protocol of that family")];
    }),
};

export const probeIsTraffic: Rule = {
  code: "GW075",
  reason: "the probe is a ping: one that the selectors leave out proves nothing",
  check: ({ tunnels }) =>
    tunnels.flatMap(({ path, tunnel: { kind, probe, traffic } }) => {
      if (!probe || !traffic || kind === "route") return [];
      const ping = family(probe.target) === 6 ? "icmp6" : "icmp";
      if (traffic.some(({ protocol }) => protocol === ping)) return [];
      const message = `is a ping, and traffic has no ${ping}`;
      return [finding(`${path}.probe`, message, `add protocol: ${ping} to traffic, or remove it`)];
    }),
};

export const natOfOneNetwork: Rule = {
  code: "GW076",
  reason: "two networks behind one address make the same selector twice",
  check: ({ tunnels }) =>
    tunnels.flatMap(({ path, tunnel }) => {
      if (!tunnel.nat) return [];
      const [other] = [...familiesOf(tunnel)].filter((one) => one !== natFamily(tunnel.nat));
      if (tunnel.local.length === 1 && other === undefined) return [];
      return [
        finding(
          `${path}.nat`,
          other === undefined
            ? `translates ${tunnel.local.length} local networks`
            : `is IPv${natFamily(tunnel.nat) ?? "?"}, and the tunnel has IPv${other}`,
          "write one local network of the address's family that holds all hosts",
        ),
      ];
    }),
};

function natFamily(nat: { address: string } | undefined): number | undefined {
  return nat && family(nat.address);
}

export const natIsFree: Rule = {
  code: "GW077",
  reason: "answers to a translated address that is the peer's own never come back",
  check: ({ tunnels }) => {
    const remotes = tunnels.flatMap((entry) => parsed(side(entry, "remote")));
    return tunnels.flatMap(({ path, tunnel: { nat } }) => {
      const own = nat && hostNetwork(nat.address);
      const taken = own && remotes.find(({ value }) => overlap(value, own));
      if (!nat || !taken) return [];
      const message = `${nat.address} lies within ${taken.path}`;
      return [finding(`${path}.nat.address`, message, "write an address on our side")];
    });
  },
};

export const natPairIsUnique: Rule = {
  code: "GW078",
  reason: "isakmpd names a connection by what is negotiated: the last one silently wins (ike.c)",
  check: (draft) =>
    repeats(
      enabledTunnels(draft).flatMap(({ path, tunnel }) =>
        tunnel.nat
          ? [...new Set(tunnel.remote)].map((to) => ({
              path: `${path}.nat.address`,
              text: `${natNetwork(tunnel.nat ?? { address: "" })} to ${to}`,
            }))
          : [],
      ),
      ({ text }) => text,
    ).map(([earlier, { path, text }]) =>
      finding(path, `the pair ${text} is also at ${earlier.path}`, "write another address"),
    ),
};

export const probeWanted: Rule = {
  code: "GW086",
  level: "warning",
  reason: "only a probe tells a tunnel that carries packets from one that merely looks up",
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
  level: "warning",
  reason: "the gateway sends the probe, and can only send from an address that it has",
  check: ({ network, tunnels }) =>
    tunnels.flatMap(({ path, tunnel: { probe, sec } }) => {
      if (!network || !probe) return [];
      const own = [addressOf(network.address), ...(sec ? [addressOf(sec.address)] : [])];
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
