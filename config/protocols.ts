import type { Traffic } from "./schema";

/** A protocol as /etc/protocols names it, which the IKE daemons look names up in. */
export function protocolWord(protocol: Traffic["protocol"]): string {
  return protocol === "icmp6" ? "ipv6-icmp" : protocol;
}

/** The protocols' numbers (IANA), where a name is not taken or printed. */
export const PROTOCOL_NUMBERS = { icmp: 1, tcp: 6, udp: 17, gre: 47, icmp6: 58 } as const;
