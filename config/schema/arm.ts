import { z } from "zod";
import { address, addressWithPrefix, interfaceName, macAddress, name } from "./forms";

const vlan = z
  .strictObject({
    tag: z.int().min(1).max(4094).meta({ description: "802.1Q tag.", form: "number" }),
    parent: interfaceName.meta({
      description: "The interface that carries the tagged packets; it is declared too.",
      examples: ["vio1"],
    }),
  })
  .meta({
    description: "The interface is a VLAN on another one (vlan(4)).",
    absent: "none",
    examples: [{ tag: 20, parent: "vio1" }],
  });

export const aliases = z
  .array(address)
  .default([])
  .meta({
    description:
      "Further addresses of the interface, without a prefix. One of the peers' side needs no entry anywhere else.",
    examples: [["198.51.100.4"]],
  });

const parts = {
  interface: interfaceName.meta({
    description:
      "As OpenBSD names it: the network cards are vio0, vio1 and so on in the order of their numbers; a VLAN is vlanN.",
    examples: ["vio1"],
  }),
  aliases,
  bridge: interfaceName.optional().meta({
    description: "Bridge on the hypervisor that the network card joins.",
    absent: "none, as of a VLAN",
    change: "restarts the gateway: the machine is made anew, the disk stays",
    examples: ["br1"],
  }),
  mac: macAddress.optional().meta({
    description: "MAC address of the network card.",
    absent: "made from the names of the machine and the interface",
    change: "restarts the gateway: the machine is made anew, the disk stays",
  }),
  vlan: vlan.optional(),
};

/** The side of the peers, where it is not the interface that the stack connects to. */
export const outside = z
  .strictObject({
    ...parts,
    address: addressWithPrefix.meta({
      description: "The gateway's address there with the prefix of its network.",
      examples: ["198.51.100.3/24"],
    }),
  })
  .meta({
    description:
      "The side of the peers and the default router, where `network.interface` is inside ([two arms](two-arms.md)).",
    absent: "`network.interface`",
    examples: [{ interface: "vio1", address: "198.51.100.3/24", bridge: "br1" }],
  });

export const inside = z
  .strictObject({
    name: name(15).meta({
      description: "Name of the network, and of the steps that set up its interface.",
      examples: ["dmz"],
    }),
    ...parts,
    address: addressWithPrefix.optional().meta({
      description: "The gateway's address there with the prefix of its network.",
      absent: "none, for an interface that carries VLANs only",
      examples: ["10.30.0.1/24"],
    }),
  })
  .meta({
    description: "One network on the gateway's own side.",
    examples: [
      {
        name: "dmz",
        interface: "vlan20",
        address: "10.30.0.1/24",
        vlan: { tag: 20, parent: "vio1" },
      },
    ],
  });
