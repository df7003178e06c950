import { z } from "zod";
import { identifier, interfaceName, text } from "./forms";

export const hypervisor = z.strictObject({
  /** libvirt connection URI. A change moves every resource to that hypervisor. */
  uri: text.meta({ examples: ["qemu:///system"] }),
  /** An existing libvirt pool of type `logical` (= LVM volume group). Never managed by the stack. */
  pool: identifier.meta({ examples: ["vg0"] }),
  /** An existing libvirt pool of type `dir` that takes the install CD. Needed with source.iso. */
  mediaPool: identifier.meta({ examples: ["media"] }).optional(),
  /** Bridge on the hypervisor that the gateway's only interface joins. */
  bridge: interfaceName.meta({ examples: ["br0"] }),
  /** `kvm` needs /dev/kvm; `qemu` emulates and is slow. Default kvm. A change replaces the domain. */
  domainType: z.enum(["kvm", "qemu"]).default("kvm"),
  /** Translation buffer of an emulated guest, MiB; without it qemu takes up to 1 GiB. qemu only. */
  tcgBufferMiB: z.int().min(32).max(4096).optional(),
});

export type Hypervisor = z.output<typeof hypervisor>;
