import type { Traffic } from "../config/schema";

/** A protocol as /etc/protocols names it, which the IKE daemons look names up in. */
export function protocolWord(protocol: Traffic["protocol"]): string {
  return protocol === "icmp6" ? "ipv6-icmp" : protocol;
}
