import { fixedAddress } from "../peer";
import { contains, formatNetwork, hostNetwork, type Network, parseNetwork } from "../net";
import type { DraftTunnel } from "../draft";
import { mappings, parsed, type Place, side } from "./places";
import { type Finding, finding, type Rule } from "./rule";

const blocks = (...texts: readonly string[]): readonly Network[] =>
  texts.flatMap((text) => parseNetwork(text) ?? []);

/** IPv4 in IPv6 (::ffff:0:0) is a way for programs to write an address, and never on the wire. */
const NOWHERE = blocks("0.0.0.0/8", "127.0.0.0/8", "::/128", "::1/128", "::ffff:0:0/96");
/** From 224 on multicast, reserved and broadcast. A link-local IPv6 address says nothing without its interface. */
const NO_PEER = [...NOWHERE, ...blocks("224.0.0.0/3", "fe80::/10", "ff00::/8")];

const within = (outer: readonly Network[], inner: Network | undefined): boolean =>
  inner !== undefined && outer.some((block) => contains(block, inner));

export const noHostThere: Rule = {
  code: "GW242",
  check: ({ network, tunnels }) => [
    ...peerFinding("network.publicAddress", network?.publicAddress, "write what the peers see"),
    ...tunnels.flatMap(({ path, tunnel: { peer } }) =>
      peerFinding(`${path}.peer`, fixedAddress(peer), "write the other side's address or name"),
    ),
    ...tunnels.flatMap(networksOf).flatMap(({ path, value }) => {
      const what = `no host can be in ${formatNetwork(value)}`;
      return within(NOWHERE, value) ? [finding(path, what, "write the hosts' network")] : [];
    }),
  ],
};

function peerFinding(path: string, address: string | undefined, fix: string): Finding[] {
  return address !== undefined && within(NO_PEER, hostNetwork(address))
    ? [finding(path, `no host can have ${address}`, fix)]
    : [];
}

function networksOf(entry: DraftTunnel): Place<Network>[] {
  const shown = mappings(entry).map(({ as }) => as);
  return parsed([...side(entry, "local"), ...side(entry, "remote"), ...shown]);
}
