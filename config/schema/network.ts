import { z } from "zod";
import { address, addressWithPrefix, interfaceName } from "./forms";

export const network = z
  .strictObject({
    interface: interfaceName.default("vio0").meta({
      description: "The guest's interface as OpenBSD names it. vio(4) is virtio.",
    }),
    address: addressWithPrefix.meta({
      description:
        "The gateway's own address with the prefix of its network. The installer sets it; on a system that runs already it has to be there.",
      change:
        "is not made on the gateway: set the address there first, or the stack cannot connect",
      examples: ["10.10.0.2/24"],
    }),
    gateway: address.meta({
      description: "Default router, an address in that network. Set by the installer.",
      examples: ["10.10.0.1"],
    }),
    dns: z.array(address).default([]).meta({
      description: "Resolvers. With none, resolvd(8) keeps /etc/resolv.conf.",
    }),
    publicAddress: address.meta({
      description:
        "The address that the peers see: the perimeter's outside address, or the gateway's own.",
      change: "renegotiates every tunnel without a `localId`",
      examples: ["198.51.100.1"],
    }),
    behindNat: z.boolean().default(true).meta({
      description:
        "Whether a NAT stands between the gateway and its peers. If so, ESP travels in UDP 4500 (RFC 3947, RFC 7296), and plain ESP is neither forwarded nor let in.",
      change: "to `true` drops plain ESP, so tunnels without NAT traversal stop",
    }),
    maxMss: z.int().min(536).max(8960).default(1350).meta({
      description:
        "Most bytes of TCP in one packet through a tunnel of kind `policy`; of IPv6 20 less, as its header is longer. pf writes it into the packets that open a connection. The default is what ESP in UDP over a link of 1492 bytes (PPPoE) carries; `gateway path` measures what fits. A tunnel of kind `route` goes by its `sec.mtu`.",
      unit: "bytes",
    }),
  })
  .meta({
    description: "The gateway's own network. It has one interface.",
    examples: [{ address: "10.10.0.2/24", gateway: "10.10.0.1", publicAddress: "198.51.100.1" }],
  });

export type NetworkConfig = z.output<typeof network>;
