import { z } from "zod";
import { connection } from "./connection";
import { address, interfaceName, networkCidr, quotable } from "./forms";

const outside = z
  .strictObject({
    interface: interfaceName.meta({
      description: "The firewall's interface that the peers' packets arrive on.",
      examples: ["ext0"],
    }),
    address: address.meta({
      description: "Its address, the same as `network.publicAddress`.",
      examples: ["198.51.100.1"],
    }),
  })
  .meta({
    description: "Where the peers' packets arrive.",
    examples: [{ interface: "ext0", address: "198.51.100.1" }],
  });

const forward = z
  .strictObject({
    name: z.enum(["udp-500", "udp-4500", "esp"]).meta({ description: "Which forward." }),
    sources: z
      .array(quotable.meta({ form: "address, network or `any`" }))
      .min(1)
      .meta({ description: "Who may use it.", examples: [["198.51.100.0/24"]] }),
  })
  .meta({
    description: "A forward that is open to others than the peers.",
    examples: [{ name: "udp-500", sources: ["198.51.100.0/24"] }],
  });

const common = {
  outside,
  forwards: z.array(forward).default([]).meta({
    description: "Forwards that are open to others than the peers of the enabled tunnels.",
  }),
};

const driven = {
  ...common,
  connection,
  routes: z
    .union([z.literal(true), z.array(networkCidr)])
    .optional()
    .meta({
      description:
        "Routes on the firewall to the networks behind the tunnels, through the gateway. `true` takes the enabled tunnels' remote networks; a list takes these networks, each while a tunnel has a remote network in it.",
      absent: "none",
    }),
};

const driver = <const D extends string>(name: D, description: string) =>
  z.literal(name).meta({
    description,
    change:
      "of the driver, or of the connection's host or port, removes everything from the old firewall first",
  });

export const perimeter = z
  .discriminatedUnion("driver", [
    z.strictObject({
      driver: driver("nftables", "nft(8) on Linux, in a table of the stack's own."),
      ...driven,
    }),
    z.strictObject({
      driver: driver("iptables", "iptables(8) on Linux without nft, in chains of the stack's own."),
      ...driven,
    }),
    z.strictObject({
      driver: driver("pf", "pf(4) on OpenBSD, in an anchor that the owner's pf.conf names."),
      ...driven,
    }),
    z.strictObject({
      driver: driver("manual", "Nothing is changed: an output says what to configure by hand."),
      ...common,
      device: z.enum(["cisco-ios", "mikrotik", "edgeos", "opnsense"]).meta({
        description: "Whose commands the output uses.",
      }),
    }),
  ])
  .meta({
    description: "The firewall in front of the gateway ([perimeter](perimeter.md)).",
    absent: "forward UDP 500 and 4500 to the gateway yourself",
    examples: [
      {
        driver: "nftables",
        connection: { host: "10.10.0.1", identityFile: "~/.ssh/id_ed25519" },
        outside: { interface: "ext0", address: "198.51.100.1" },
        routes: true,
      },
    ],
  });

export type Perimeter = z.output<typeof perimeter>;
/** A perimeter that the stack changes itself. */
export type DrivenPerimeter = Exclude<Perimeter, { driver: "manual" }>;
