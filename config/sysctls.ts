/**
 * The sysctls every gateway has, whatever its stack says. Redirects are off because a one-armed
 * gateway would tell its LAN to send to the router instead, past the tunnel.
 */
export const managedSysctls: Readonly<Record<string, string>> = {
  "net.inet.ip.forwarding": "1",
  "net.inet.ip.redirect": "0",
  "net.inet6.ip6.forwarding": "1",
  "net.inet6.ip6.redirect": "0",
};
