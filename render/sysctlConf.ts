import { usesIpv6 } from "../config/families";
import type { StackConfig } from "../config/schema";
import { lines, MANAGED } from "./text";

/**
 * /etc/sysctl.conf: no blanks around `=`, no leading blanks (sysctl.conf(5)). Redirects are off
 * because a one-armed gateway would tell its LAN to send to the router instead, past the tunnel.
 */
export function sysctlConf(config: StackConfig): string {
  const v6 = ["net.inet6.ip6.forwarding=1", "net.inet6.ip6.redirect=0"];
  return lines(
    MANAGED,
    "net.inet.ip.forwarding=1",
    "net.inet.ip.redirect=0",
    ...(usesIpv6(config) ? v6 : []),
  );
}
