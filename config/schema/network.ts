import { z } from "zod";
import { aliases, inside, outside } from "./arm";
import { address, addressWithPrefix, interfaceName, networkCidr } from "./forms";

export const network = z
  .strictObject({
    interface: interfaceName.default("vio0").meta({
      description:
        "The guest's interface as OpenBSD names it. vio(4) is virtio. The installer sets it up, and the stack connects to it.",
    }),
    address: addressWithPrefix.meta({
      description:
        "The gateway's own address with the prefix of its network. The installer sets it; on a system that runs already it has to be there.",
      change:
        "is not made on the gateway: set the address there first, or the stack cannot connect",
      examples: ["10.10.0.2/24"],
    }),
    gateway: address.meta({
      description:
        "Default router, an address in that network, or in `outside`'s. Set by the installer, or with a second arm by the stack.",
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
    outside: outside.optional(),
    inside: z.array(inside).default([]).meta({
      description:
        "Networks on the gateway's own side, with interfaces of their own. Without `outside`, `network.interface` is the side of the peers.",
    }),
    aliases: aliases.meta({
      description: "Further addresses of `network.interface`, with a second arm only.",
    }),
    internet: z
      .array(networkCidr)
      .default([])
      .meta({
        description:
          "IPv4 networks of the inside that reach the Internet through the gateway, translated to its outside address. Never another inside network, nor a network behind a tunnel.",
        examples: [["10.10.0.0/24"]],
      }),
  })
  .meta({
    description:
      "The gateway's own networks: one, or one outside and others inside ([two arms](two-arms.md)).",
    examples: [{ address: "10.10.0.2/24", gateway: "10.10.0.1", publicAddress: "198.51.100.1" }],
  });

export type NetworkConfig = z.output<typeof network>;
