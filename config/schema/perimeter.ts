import { z } from "zod";
import { connection } from "./connection";
import { interfaceName } from "./forms";

const outside = z.strictObject({
  /** The firewall's interface that the peers' packets arrive on. */
  interface: interfaceName.meta({ examples: ["ext0"] }),
  /** Its address, = network.publicAddress. */
  address: z.string().meta({ examples: ["198.51.100.1"] }),
});

/** A forward that differs from the default. */
const forward = z.strictObject({
  name: z.enum(["udp-500", "udp-4500", "esp"]),
  /** Who may use it: addresses, networks, or `any`. Default: the peers of the enabled tunnels. */
  sources: z
    .array(z.string())
    .min(1)
    .meta({ examples: [["198.51.100.0/24"]] }),
});

const common = {
  /** Where the peers' packets arrive. */
  outside,
  /** Who may use a forward, where that is not the peers. Default: none. */
  forwards: z.array(forward).default([]),
};

const driven = {
  ...common,
  /** SSH to the firewall. */
  connection,
  /**
   * Routes on the firewall to the networks behind the tunnels, by the gateway, for LAN hosts that know
   * no other router. `true`: the enabled tunnels' remote networks, as declared there; a list: these
   * networks, each as long as a tunnel has a remote network in it. Default: none.
   */
  routes: z.union([z.literal(true), z.array(z.string())]).optional(),
};

export const perimeter = z.discriminatedUnion("driver", [
  /** nft(8) on Linux, in a table of the stack's own. */
  z.strictObject({ driver: z.literal("nftables"), ...driven }),
  /** iptables(8) on Linux without nft, in chains of the stack's own. */
  z.strictObject({ driver: z.literal("iptables"), ...driven }),
  /** pf(4) on OpenBSD, in an anchor of the stack's own that the owner's pf.conf names. */
  z.strictObject({ driver: z.literal("pf"), ...driven }),
  /** A device that the stack does not drive: it only says what to configure there. */
  z.strictObject({
    driver: z.literal("manual"),
    ...common,
    /** Whose words to say it in. */
    device: z.enum(["cisco-ios", "mikrotik", "edgeos", "opnsense"]),
  }),
]);

export type Perimeter = z.output<typeof perimeter>;
/** A perimeter that the stack changes itself. */
export type DrivenPerimeter = Exclude<Perimeter, { driver: "manual" }>;
