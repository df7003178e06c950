import { usesIpv6 } from "../config/families";
import type { StackConfig, Tunnel } from "../config/schema";
import { selectors } from "../config/selectors";
import { lines, MANAGED } from "./text";

/** TCP payload that fits into ESP in UDP over a 1492 byte link (PPPoE); IPv6 headers are 20 longer. */
const MAX_MSS = { inet: 1350, inet6: 1330 } as const;

/** The pf tag of a tunnel's decapsulated packets, at most 63 characters (pf.conf(5)). */
export function pfTag(tunnel: Pick<Tunnel, "name">): string {
  return `vpn-${tunnel.name}`;
}

/**
 * /etc/pf.conf of a one-armed gateway (pf.conf(5), enc(4)). Blocks all, then lets through: SSH from
 * the admins, IKE from and to known peers, what the gateway itself needs, and each tunnel's own
 * networks. Networks behind a tunnel, also a disabled one, never leave in clear.
 */
export function pfConf(config: StackConfig): string {
  const sections = [
    [MANAGED],
    [`ext = "${config.network.interface}"`],
    tables(config),
    ["set block-policy drop", "set skip on lo", "set loginterface $ext"],
    clamp(config),
    ["block log all"],
    ike(config),
    guards(config),
    own(config),
    icmp(config),
    lan(config),
    ...enabled(config).map(tunnelRules),
  ];
  return sections
    .filter((section) => section.length > 0)
    .map((section) => lines(...section))
    .join("\n");
}

function enabled({ tunnels }: StackConfig): Tunnel[] {
  return tunnels.filter((tunnel) => tunnel.enabled);
}

function table(name: string, entries: readonly string[]): string[] {
  const unique = [...new Set(entries)];
  return unique.length === 0 ? [] : [`table <${name}> const { ${unique.join(", ")} }`];
}

function tables(config: StackConfig): string[] {
  const { admin, tunnels } = config;
  return [
    ...table("admin_nets", admin.networks),
    ...table(
      "vpn_peers",
      enabled(config).map(({ peer }) => peer),
    ),
    ...table(
      "local_nets",
      tunnels.flatMap(({ local }) => local),
    ),
    ...table(
      "remote_nets",
      tunnels.flatMap(({ remote }) => remote),
    ),
  ];
}

function clamp(config: StackConfig): string[] {
  const rule = `match on enc0 scrub (max-mss ${MAX_MSS.inet})`;
  return usesIpv6(config) ? [rule, `match on enc0 inet6 scrub (max-mss ${MAX_MSS.inet6})`] : [rule];
}

function ike(config: StackConfig): string[] {
  if (enabled(config).length === 0) return [];
  const { behindNat } = config.network;
  return [
    "# Before the guards: a peer's own address may lie in one of its networks.",
    "pass in quick on $ext proto udp from <vpn_peers> to ($ext) port { 500 4500 }",
    "pass out quick on $ext proto udp from ($ext) to <vpn_peers> port { 500 4500 }",
    ...(behindNat
      ? []
      : [
          "pass in quick on $ext proto esp from <vpn_peers> to ($ext)",
          "pass out quick on $ext proto esp from ($ext) to <vpn_peers>",
        ]),
  ];
}

function guards({ tunnels }: StackConfig): string[] {
  if (tunnels.length === 0) return [];
  return [
    "# Remote networks arrive through enc0 only, and never leave in clear.",
    "block drop in log quick on $ext from <remote_nets> to any",
    "block return out log quick on $ext from any to <remote_nets>",
  ];
}

function own({ admin }: StackConfig): string[] {
  return [
    "# The gateway itself: administration, names, time, packages and patches, its own lease.",
    `pass in on $ext proto tcp from <admin_nets> to ($ext) port ${admin.port}`,
    "pass out on $ext proto { tcp udp } from ($ext) to any port { domain ntp http https }",
    "pass out on $ext inet proto udp from any port 68 to any port 67",
    "pass in on $ext inet proto udp from any port 67 to any port 68",
  ];
}

function icmp(config: StackConfig): string[] {
  const v6 =
    "pass on $ext inet6 proto icmp6 icmp6-type " +
    "{ neighbrsol neighbradv routersol routeradv echoreq unreach toobig }";
  return [
    "# Unreachable carries path MTU discovery.",
    "pass in on $ext inet proto icmp from any to ($ext) icmp-type { echoreq unreach }",
    "pass out on $ext inet proto icmp from ($ext) to any icmp-type { echoreq unreach }",
    ...(usesIpv6(config) ? [v6] : []),
  ];
}

function lan(config: StackConfig): string[] {
  if (enabled(config).length === 0) return [];
  return [
    "# Into the tunnels. A state bound to enc0 cannot pass the same packet in clear (enc(4)).",
    "pass in on $ext from <local_nets> to <remote_nets> tag LAN2VPN",
    "pass out on enc0 tagged LAN2VPN keep state (if-bound)",
    "pass out on enc0 from (self) to <remote_nets> keep state (if-bound)",
    "# Out of the tunnels, to the networks but not to the gateway's own services.",
    "block in log quick on enc0 proto { tcp udp } from any to (self)",
  ];
}

function tunnelRules(tunnel: Tunnel): string[] {
  const tagged = `tagged "${pfTag(tunnel)}"`;
  return [
    `# ${tunnel.name}`,
    ...selectors(tunnel).flatMap(({ from: local, to: remote }) => [
      `pass in on enc0 from ${remote} to ${local} ${tagged} keep state (if-bound)`,
      `pass out on $ext from ${remote} to ${local} ${tagged}`,
    ]),
  ];
}
