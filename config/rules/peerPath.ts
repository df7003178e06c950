import { outsideAddress } from "../arms";
import type { Draft, DraftTunnel } from "../draft";
import { type NetworksOfPair, overlappingPairs } from "../nesting";
import { EVERYWHERE } from "../exceptions";
import { addressOf, formatNetwork, hostNetwork, inside, type Network } from "../net";
import { fixedAddress } from "../peer";
import type { Traffic } from "../schema";
import { isRouted } from "../tunnelInterface";
import { enabledTunnels, pairPlaces, parsed, side } from "./places";
import { type Finding, finding, type Rule } from "./rule";

const APART = "write the networks behind the peer without its own address";

export const peerOutsideItsRoute: Rule = {
  code: "GW243",
  check: (draft) =>
    enabledTunnels(draft).flatMap((entry) => {
      const peer = fixedAddress(entry.tunnel.peer);
      if (!isRouted(entry.tunnel) || peer === undefined) return [];
      const at = side(entry, "remote").find(({ value }) => inside(peer, [value]));
      if (!at) return [];
      const message = `holds the peer's own address ${peer}, so that IKE would go into the tunnel`;
      return [finding(at.path, message, `${APART}, or kind: policy`)];
    }),
};

/** What goes from one network to another: into a tunnel, or with IKE and ESP to its peer. */
interface Way extends NetworksOfPair {
  readonly of: DraftTunnel;
  /** Of a tunnel, where the remote network stands. */
  readonly at?: string;
}

/** From whatever address: an interface takes what is routed into it. */
function intoTunnel(entry: DraftTunnel, own: Network): Way[] {
  const { enabled } = entry.tunnel;
  if (isRouted(entry.tunnel)) {
    const there = parsed(side(entry, "remote"));
    return there.map(({ path, value }) => ({ of: entry, at: path, local: own, remote: value }));
  }
  return pairPlaces(entry).flatMap(({ path, local, remote, traffic }): Way[] => {
    // Peers are exceptions of a tunnel for every address.
    if (formatNetwork(remote) === EVERYWHERE) return [];
    const taken = enabled && (traffic?.some(isAllUdp) ?? true);
    return taken ? [{ of: entry, at: path, local, remote }] : [];
  });
}

function isAllUdp({ protocol, localPort, remotePort }: Traffic): boolean {
  return protocol === "udp" && localPort === undefined && remotePort === undefined;
}

function toPeers(draft: Draft, own: Network): Way[] {
  return enabledTunnels(draft).flatMap((of): Way[] => {
    const peer = fixedAddress(of.tunnel.peer);
    const remote = peer === undefined ? undefined : hostNetwork(peer);
    return remote ? [{ of, local: own, remote }] : [];
  });
}

export const peerOutsideOthers: Rule = {
  code: "GW244",
  check: (draft) => {
    const own = draft.network && hostNetwork(addressOf(outsideAddress(draft.network)));
    if (!own) return [];
    const ways = [
      ...draft.tunnels.flatMap((entry) => intoTunnel(entry, own)),
      ...toPeers(draft, own),
    ];
    return overlappingPairs(ways).flatMap(([one, other]): Finding[] => {
      const [tunnel, packets] = one.at === undefined ? [other, one] : [one, other];
      if (tunnel.at === undefined || packets.at !== undefined || tunnel.of === packets.of)
        return [];
      const message = `lies in ${tunnel.at}, so that IKE and ESP with it go through that tunnel`;
      const fix = `${APART}, or see that they pass there`;
      return [finding(`${packets.of.path}.peer`, message, fix)];
    });
  },
};
