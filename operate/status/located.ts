import { peerName } from "../../config/peer";
import type { DeclaredTunnel } from "../../contract/tunnel";
import type { GatewayState, NamedPeer } from "../../parse/gwctlState";

type Names = Pick<GatewayState, "names">;

/** What the gateway says of the tunnel's peer, where it is given by name. */
export function namedPeer(
  { name, peer }: Pick<DeclaredTunnel, "name" | "peer">,
  { names }: Names,
): NamedPeer | undefined {
  const known = names.get(name);
  // With another name the gateway has not got this declaration yet.
  return peerName(peer) !== undefined && known?.host === peer ? known : undefined;
}

/**
 * The tunnel with the address at which the gateway has its peer. Where none is known it goes by the peer's
 * identity, as with one that may have any.
 */
export function located(tunnel: DeclaredTunnel, state: Names): DeclaredTunnel {
  return { ...tunnel, peer: namedPeer(tunnel, state)?.address ?? tunnel.peer };
}
