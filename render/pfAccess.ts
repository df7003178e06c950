import { usesIpv6 } from "../config/families";
import type { StackConfig, Tunnel } from "../config/schema";

/** Comments of pf.conf that gwctl reads (gateway/gwctl.d/62-pf.ksh). */
const LAST = "# gwctl last ";

/**
 * What gwctl loads where the confirmed pf.conf does not load: the administrators reach the gateway, it
 * speaks IKE with the peers of its tunnels, and nothing else passes. A part of pf.conf, so that it is
 * confirmed with it; comments, so that it decides nothing there.
 */
export function lastResort(config: StackConfig): string[] {
  return [
    "# Loaded where the rest does not load: SSH from the administrators, IKE with the peers.",
    ...[
      externalInterface(config),
      ...accessTables(config),
      "set skip on lo",
      "block log all",
      adminRule(config),
      ...ikeRules(config),
      ...(usesIpv6(config) ? [NEIGHBOURS] : []),
    ].map((line) => LAST + line),
  ];
}

/** Without these no packet of IPv6 finds its way on a link. */
const NEIGHBOURS =
  "pass on $ext inet6 proto icmp6 icmp6-type { neighbrsol neighbradv routersol routeradv }";

export function externalInterface({ network }: StackConfig): string {
  return `ext = "${network.interface}"`;
}

export function table(name: string, entries: readonly string[]): string[] {
  const unique = [...new Set(entries)];
  return unique.length === 0 ? [] : [`table <${name}> const { ${unique.join(", ")} }`];
}

export function accessTables(config: StackConfig): string[] {
  return [
    ...table("admin_nets", config.admin.networks),
    ...table(
      "vpn_peers",
      enabled(config).map(({ peer }) => peer),
    ),
  ];
}

export function adminRule({ admin }: StackConfig): string {
  return `pass in quick on $ext proto tcp from <admin_nets> to ($ext) port ${admin.port}`;
}

export function ikeRules(config: StackConfig): string[] {
  if (enabled(config).length === 0) return [];
  return [
    "pass in quick on $ext proto udp from <vpn_peers> to ($ext) port { 500 4500 }",
    "pass out quick on $ext proto udp from ($ext) to <vpn_peers> port { 500 4500 }",
    ...(config.network.behindNat
      ? []
      : [
          "pass in quick on $ext proto esp from <vpn_peers> to ($ext)",
          "pass out quick on $ext proto esp from ($ext) to <vpn_peers>",
        ]),
  ];
}

export function enabled({ tunnels }: StackConfig): Tunnel[] {
  return tunnels.filter((tunnel) => tunnel.enabled);
}
