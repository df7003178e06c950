import type { Tunnel } from "./schema";

/**
 * The sysctls every gateway has, whatever its stack says. Redirects are off because a one-armed
 * gateway would tell its LAN to send to the router instead, past the tunnel.
 */
const managedSysctls: Readonly<Record<string, string>> = {
  "net.inet.ip.forwarding": "1",
  "net.inet.ip.redirect": "0",
  "net.inet6.ip6.forwarding": "1",
  "net.inet6.ip6.redirect": "0",
};

/** Without it gre(4) neither sends nor takes a packet (if_gre.c gre_allow). */
const greSysctls: Readonly<Record<string, string>> = { "net.inet.gre.allow": "1" };

/** Those that the stack sets for these tunnels. */
export function managedFor(
  tunnels: readonly Pick<Tunnel, "kind">[],
): Readonly<Record<string, string>> {
  return tunnels.some(({ kind }) => kind === "gre")
    ? { ...managedSysctls, ...greSysctls }
    : managedSysctls;
}
