import { outsideAddress } from "../../config/arms";
import { addressOf } from "../../config/net";
import { unknownAddress, fixedAddresses } from "../../config/peer";
import type { Perimeter, StackConfig } from "../../config/schema";
import type { Forward } from "../../contract/perimeter";
import type { Complete } from "../../contract/types";

/**
 * The forwards a gateway needs: IKE on UDP 500 and 4500 (RFC 7296 2.23), and ESP itself only when no
 * NAT is between, because behind one ESP travels in UDP 4500. Open to the peers of the enabled tunnels, to
 * everybody while the address of one of them is not known here, unless the configuration says to whom.
 */
export function forwardsFor(config: StackConfig, perimeter: Perimeter): Complete<Forward>[] {
  const { machine, network, tunnels } = config;
  const enabled = tunnels.filter((tunnel) => tunnel.enabled);
  const peers = unknownAddress(enabled) ? ["any"] : fixedAddresses(enabled);
  const forward = (name: Forward["name"], port?: number): Complete<Forward> => ({
    name,
    machine: machine.name,
    protocol: port === undefined ? "esp" : "udp",
    port,
    outside: perimeter.outside,
    target: addressOf(outsideAddress(network)),
    sources: perimeter.forwards.find((one) => one.name === name)?.sources ?? peers,
  });
  return [
    forward("udp-500", 500),
    forward("udp-4500", 4500),
    ...(network.behindNat ? [] : [forward("esp")]),
  ];
}
