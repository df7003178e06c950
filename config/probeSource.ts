import { ownAddresses } from "./arms";
import { addressOf, inside } from "./net";
import type { StackConfig, Tunnel } from "./schema";
import { type Interfaces, tunnelInterface } from "./tunnelInterface";

/**
 * The address that the gateway pings from: ping(8) -I takes only an address of its own. A declared source that
 * belongs to another host stands for its network, in which the gateway may have an address too. Undefined: the
 * tunnel has no probe.
 */
export function probeSource(
  { network }: Pick<StackConfig, "network">,
  tunnel: Tunnel,
): string | undefined {
  const { probe, pairs } = tunnel;
  if (!probe) return undefined;
  const own = ownAddresses(network);
  const through = tunnelInterface(tunnel);
  const inner = through && addressOf(through.address);
  if (own.includes(probe.source) || probe.source === inner) return probe.source;
  const leadThere = pairs.filter(({ remote }) => inside(probe.target, [remote]));
  const local = leadThere.map((pair) => pair.local);
  return own.find((address) => inside(address, local)) ?? inner ?? probe.source;
}

interface Probed extends Interfaces {
  readonly probe?: Readonly<NonNullable<Tunnel["probe"]>> | undefined;
}

/** Whether the probe goes from our end of the tunnel's own interface to the peer's: by no other tunnel it could. */
export function betweenEnds(tunnel: Probed): boolean {
  const { probe } = tunnel;
  const own = tunnelInterface(tunnel);
  if (!probe || !own) return false;
  return probe.source === addressOf(own.address) && probe.target === own.peerAddress;
}
