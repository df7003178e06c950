import { z } from "zod";
import { identifier, interfaceName, publicKey } from "./forms";
import { hypervisorUri, localPath } from "./reach";

export const hypervisor = z
  .strictObject({
    uri: hypervisorUri.meta({
      description:
        "libvirt connection URI: `qemu:///system` on this machine, else over SSH, with no parameter that skips the check of the host key.",
      change: "needs `gateway migrate`, which moves the machine and then writes this key",
      examples: ["qemu:///system"],
    }),
    hostKey: publicKey.optional().meta({
      description:
        "The hypervisor's SSH host key. With it, known_hosts must have this key for the hypervisor and no other.",
      absent: "any key in known_hosts",
    }),
    pool: identifier.meta({
      description:
        "Existing libvirt pool of type `logical` (an LVM volume group). The stack adds one volume to it and changes nothing else.",
      change: "makes a new disk in the other pool",
      examples: ["vg0"],
    }),
    mediaPool: identifier
      .meta({ examples: ["media"] })
      .optional()
      .meta({
        description:
          "Existing libvirt pool of type `dir` for the installation CD, with 1 GiB free. Required with `source.iso`.",
        absent: "none",
      }),
    bridge: interfaceName.meta({
      description: "Bridge on the hypervisor that `network.interface` joins.",
      examples: ["br0"],
    }),
    domainType: z.enum(["kvm", "qemu"]).default("kvm").meta({
      description: "`kvm` needs /dev/kvm. `qemu` emulates the processor and is slow.",
      change: "restarts the gateway: the machine is made anew, the disk stays",
    }),
    tcgBufferMiB: z.int().min(32).max(4096).optional().meta({
      description: "Memory for translated code, `domainType: qemu` only.",
      unit: "MiB",
      absent: "qemu's own limit, up to 1 GiB",
      change: "restarts the gateway: the machine is made anew, the disk stays",
    }),
    xslt: localPath.optional().meta({
      description:
        "A stylesheet of your own for the machine's definition, applied after the stack's ([examples](hypervisor.md)). It is tried before anything is touched, and refused where it takes away what the stack relies on.",
      absent: "none",
      change: "restarts the gateway: the machine is made anew, the disk stays",
      examples: ["machine.xsl"],
    }),
  })
  .meta({
    description:
      "Where the guest runs. Pools and bridge exist already; the stack does not make them.",
    examples: [
      {
        uri: "qemu+ssh://root@hv1.example.net/system",
        pool: "vg0",
        mediaPool: "media",
        bridge: "br0",
      },
    ],
  });

export type Hypervisor = z.output<typeof hypervisor>;
