import { addressOf } from "../config/net";
import type { Perimeter, StackConfig } from "../config/schema";
import type { Forward } from "./nftForward";

/**
 * The forwards a gateway needs: IKE on UDP 500 and 4500 (RFC 7296 2.23), and ESP itself only when no
 * NAT is between, because behind one ESP travels in UDP 4500.
 */
export function forwardsFor(config: StackConfig, perimeter: Perimeter): Forward[] {
  const { machine, network, tunnels } = config;
  const common = {
    machine: machine.name,
    outside: perimeter.outside,
    target: addressOf(network.address),
    sources: tunnels.filter(({ enabled }) => enabled).map(({ peer }) => peer),
  };
  const esp: Forward = { ...common, name: "esp", protocol: "esp" };
  return [
    { ...common, name: "udp-500", protocol: "udp", port: 500 },
    { ...common, name: "udp-4500", protocol: "udp", port: 4500 },
    ...(network.behindNat ? [] : [esp]),
  ];
}
