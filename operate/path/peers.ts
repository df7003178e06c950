import { ikeAddress } from "../ikeAddress";
import { addressOf } from "../../config/net";
import { unknownAddress, fixedAddresses } from "../../config/peer";
import type { StackOutputs } from "../../contract/stackOutputs";
import type { Flow } from "../../parse/flows";

/** Whom the enabled tunnels lead to. */
export interface PathPeers {
  /** The addresses of those that have one of their own. */
  readonly fixed: ReadonlySet<string>;
  /** Whether it is the far end of an SA of ours. */
  readonly has: (host: string) => boolean;
  /** Whether the flow is one of IKE or ESP with a peer. */
  readonly ownsFlow: (flow: Pick<Flow, "peer" | "inside">) => boolean;
}

/** While a peer may have any address, whoever speaks IKE with the gateway may be one. */
export function pathPeers({ gateway, tunnels }: StackOutputs): PathPeers {
  const enabled = tunnels.filter((tunnel) => tunnel.enabled);
  const fixed = new Set(fixedAddresses(enabled));
  const any = unknownAddress(enabled);
  const own = addressOf(ikeAddress(gateway));
  return {
    fixed,
    has: (host) => fixed.has(host) || (any && host !== own),
    ownsFlow: ({ peer, inside }) =>
      fixed.has(peer.host) || (any && (inside.port === 500 || inside.port === 4500)),
  };
}
