import { z } from "zod";
import { macAddress, name } from "./forms";

const RESTARTS = "restarts the gateway: the machine is made anew, the disk stays";

export const machine = z
  .strictObject({
    name: name(40).meta({
      description: "Name of the libvirt domain, of its volume and of the forwards.",
      change: "makes another machine with another disk, and removes the old ones",
      examples: ["gw"],
    }),
    memoryMiB: z.int().min(128).default(1024).meta({
      description: "Memory.",
      unit: "MiB",
      change: RESTARTS,
    }),
    vcpus: z.int().min(1).max(64).default(1).meta({
      description: "Virtual processors.",
      unit: "processors",
      change: RESTARTS,
    }),
    diskGiB: z.int().min(1).default(20).meta({
      description:
        "Size of the disk. The default holds OpenBSD's own layout and leaves room for sysupgrade.",
      unit: "GiB",
      change: "is refused once the disk exists: a disk is not resized in place",
    }),
    mac: macAddress.optional().meta({
      description: "MAC address of the interface.",
      absent: "made from the name, so that DHCP and ARP caches survive a rebuild",
    }),
    autostart: z.boolean().default(true).meta({
      description: "Start the guest when the hypervisor boots.",
    }),
    protect: z.boolean().default(false).meta({
      description:
        "Refuse whatever would delete or replace disk, machine or generated keys, `pulumi destroy` included ([promotion](promotion.md#what-machineprotect-holds)). Set it in production.",
    }),
  })
  .meta({
    description: "The virtual machine that the gateway runs in.",
    examples: [{ name: "gw-prod", memoryMiB: 1024, vcpus: 2, protect: true }],
  });

export type Machine = z.output<typeof machine>;
