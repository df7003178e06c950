import { z } from "zod";
import { interfaceName } from "./forms";

export const network = z.strictObject({
  /** The guest's interface as OpenBSD names it. Default vio0 (virtio, vio(4)). */
  interface: interfaceName.default("vio0"),
  /** The gateway's own address with the prefix of its network. */
  address: z.string().meta({ examples: ["10.10.0.2/24"] }),
  /** Default router, in that network. */
  gateway: z.string().meta({ examples: ["10.10.0.1"] }),
  /** Resolvers, addresses. Default none. */
  dns: z.array(z.string()).default([]),
  /** The address the peers see: the perimeter's outside address, or the gateway's own. */
  publicAddress: z.string().meta({ examples: ["198.51.100.1"] }),
  /**
   * Whether a NAT stands between the gateway and its peers. Default true. Then both ends put ESP
   * into UDP 4500 (RFC 3947, RFC 7296 2.23) and plain ESP is neither forwarded nor let in.
   */
  behindNat: z.boolean().default(true),
});

export type NetworkConfig = z.output<typeof network>;
