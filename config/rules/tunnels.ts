import { ownAddresses } from "../arms";
import { parseAddress } from "../net";
import { ANY_PEER } from "../peer";
import type { Draft, DraftTunnel } from "../draft";
import { enabledTunnels, repeats } from "./places";
import { finding, type Rule } from "./rule";

export const uniqueName: Rule = {
  code: "GW030",
  check: ({ tunnels }) =>
    repeats(tunnels, ({ tunnel }) => tunnel.name).map(([earlier, { path, tunnel }]) =>
      finding(`${path}.name`, `${tunnel.name} is also ${earlier.path}`, "write another name"),
    ),
};

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
  return [...ownAddresses(network), network.publicAddress].includes(address);
}

export const uniquePeer: Rule = {
  code: "GW039",
  check: (draft) =>
    draft.ike?.daemon !== "isakmpd"
      ? []
      : repeats(withPeer(draft), ({ tunnel }) => tunnel.peer).map(([earlier, { path }]) =>
          finding(
            `${path}.peer`,
            `is also the peer of ${earlier.path}`,
            "declare all its networks in one tunnel",
          ),
        ),
};

function hasIdentity({ tunnel, declared }: DraftTunnel): boolean {
  return declared.remoteId !== undefined || tunnel.peer !== ANY_PEER;
}

/** GW192 speaks of the others. */
function withPeer(draft: Draft): DraftTunnel[] {
  return enabledTunnels(draft).filter(({ tunnel }) => tunnel.peer !== ANY_PEER);
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
