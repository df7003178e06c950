import { armsOf } from "./arms";
import { family } from "./net";
import type { StackConfig } from "./schema";

/** Whether the gateway handles IPv6 at all, outside a tunnel or inside. */
export function usesIpv6({ network, tunnels }: Pick<StackConfig, "network" | "tunnels">): boolean {
  const addresses = [
    ...armsOf(network).flatMap(({ address }) => address ?? []),
    ...tunnels.flatMap(({ peer, pairs }) => [
      peer,
      ...pairs.flatMap(({ local, remote }) => [local, remote]),
    ]),
  ];
  return addresses.some((address) => family(address) === 6);
}
