import type { NetworkConfig } from "../config/schema";
import { lines, MANAGED } from "./text";

/**
 * /etc/resolv.conf for the declared resolvers; undefined when none is declared, and then resolvd(8)
 * keeps the file. Where the stack owns it, resolvd has to be off: it rewrites the file after every
 * edit and puts what DHCP or a router advertises before our lines (resolvd(8)).
 */
export function resolvConf({ dns }: NetworkConfig): string | undefined {
  return dns.length === 0
    ? undefined
    : lines(MANAGED, ...dns.map((address) => `nameserver ${address}`), "lookup file bind");
}
