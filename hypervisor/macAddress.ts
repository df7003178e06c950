import { createHash } from "node:crypto";

/**
 * A MAC address that depends on nothing but the machine's name, so that a rebuilt machine keeps
 * its DHCP lease and its neighbours' ARP entries. In QEMU's range 52:54:00.
 */
export function macAddress(machineName: string): string {
  const digest = createHash("sha256").update(machineName).digest("hex");
  return ["52", "54", "00", digest.slice(0, 2), digest.slice(2, 4), digest.slice(4, 6)].join(":");
}
