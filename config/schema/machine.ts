import { z } from "zod";
import { matching, name } from "./forms";

export const machine = z.strictObject({
  /** Name of the domain, its disk and its forwards. A change replaces the machine. */
  name: name(40).meta({ examples: ["gw"] }),
  /** Memory, MiB. Default 1024. A change replaces the domain; the disk stays. */
  memoryMiB: z.int().min(128).default(1024),
  /** Default 1. A change replaces the domain; the disk stays. */
  vcpus: z.int().min(1).max(64).default(1),
  /** Disk, GiB. Default 20: OpenBSD's own layout plus room for sysupgrade. Never shrinks. */
  diskGiB: z.int().min(1).default(20),
  /** Default: derived from the name, so that DHCP and ARP caches survive a rebuild. */
  mac: matching(
    /^[0-9a-f][02468ace](:[0-9a-f]{2}){5}$/,
    "is not a unicast MAC address in lower case",
    "write one such as 52:54:00:0a:0a:02",
  ).optional(),
  /** Start the guest when the hypervisor boots. Default true. */
  autostart: z.boolean().default(true),
  /** Refuse to delete or replace disk and machine. Default false; set it in production. */
  protect: z.boolean().default(false),
});

export type Machine = z.output<typeof machine>;
