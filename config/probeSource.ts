import { ownAddresses } from "./arms";
import { addressOf, inside } from "./net";
import type { StackConfig, Tunnel } from "./schema";

/**
 * The address that the gateway pings from: ping(8) -I takes only an address of its own. A declared source that
 * belongs to another host stands for its network, in which the gateway may have an address too. Undefined: the
 * tunnel has no probe.
 */
export function probeSource(
  { network }: Pick<StackConfig, "network">,
  { probe, pairs, sec }: Tunnel,
): string | undefined {
  if (!probe) return undefined;
  const own = ownAddresses(network);
  const inner = sec && addressOf(sec.address);
  if (own.includes(probe.source) || probe.source === inner) return probe.source;
  const leadThere = pairs.filter(({ remote }) => inside(probe.target, [remote]));
  const local = leadThere.map((pair) => pair.local);
  return own.find((address) => inside(address, local)) ?? inner ?? probe.source;
}

interface Probed {
  readonly probe?: Readonly<NonNullable<Tunnel["probe"]>> | undefined;
  readonly sec?: Readonly<NonNullable<Tunnel["sec"]>> | undefined;
}

/** Whether the probe goes from our end of the tunnel's own interface to the peer's: by no other tunnel it could. */
export function betweenEnds({ probe, sec }: Probed): boolean {
  if (!probe || !sec) return false;
  return probe.source === addressOf(sec.address) && probe.target === sec.peerAddress;
}
