import { usesIpv6 } from "../config/families";
import type { StackConfig, Tunnel } from "../config/schema";
import { clearInterface, tunnelRules } from "./pfTunnel";
import { lines, MANAGED } from "./text";

/** TCP payload that fits into ESP in UDP over a 1492 byte link (PPPoE); IPv6 headers are 20 longer. */
const MAX_MSS = { inet: 1350, inet6: 1330 } as const;
/** IP and TCP headers, which the MTU of an interface includes. */
const HEADERS = { inet: 40, inet6: 60 } as const;
/** The further rules of the stack: a file and an anchor of their own. */
export const USER_ANCHOR = "user";
export const USER_FILE = "/etc/pf.user.conf";

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
    userAnchor(),
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
  const v6 = usesIpv6(config);
  const on = (name: string, inet: number, inet6: number) => [
    `match on ${name} scrub (max-mss ${inet})`,
    ...(v6 ? [`match on ${name} inet6 scrub (max-mss ${inet6})`] : []),
  ];
  const routed = enabled(config).flatMap(({ sec }) =>
    sec ? on(clearInterface({ sec }), sec.mtu - HEADERS.inet, sec.mtu - HEADERS.inet6) : [],
  );
  return [...on("enc0", MAX_MSS.inet, MAX_MSS.inet6), ...routed];
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
    "# Remote networks arrive through their tunnels only, and never leave in clear.",
    "block drop in log quick on $ext from <remote_nets> to any",
    "block return out log quick on $ext from any to <remote_nets>",
  ];
}

function own({ admin }: StackConfig): string[] {
  return [
    "# The gateway itself: administration, names, time, packages and patches, its own lease.",
    `pass in quick on $ext proto tcp from <admin_nets> to ($ext) port ${admin.port}`,
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
  const inside = [...new Set(enabled(config).map(clearInterface))];
  const on = inside.length === 1 ? inside.join("") : `{ ${inside.join(", ")} }`;
  return [
    "# Into the tunnels. A state bound to enc0 cannot pass the same packet in clear (enc(4)).",
    "pass in on $ext from <local_nets> to <remote_nets> tag LAN2VPN",
    ...(inside.includes("enc0")
      ? [
          "pass out on enc0 tagged LAN2VPN keep state (if-bound)",
          "pass out on enc0 from (self) to <remote_nets> keep state (if-bound)",
        ]
      : []),
    "# Out of the tunnels, to the networks but not to the gateway's own services.",
    `block in log quick on ${on} proto { tcp udp } from any to (self)`,
  ];
}

/** Last, so that these rules have the last word on all that no `quick` rule has decided. */
function userAnchor(): string[] {
  return [
    "# The stack's further rules (system.pfRules).",
    `anchor "${USER_ANCHOR}"`,
    `load anchor "${USER_ANCHOR}" from "${USER_FILE}"`,
  ];
}

/** /etc/pf.user.conf, never a part of pf.conf: what is wrong in it cannot close anything else. */
export function pfUserConf({ system }: StackConfig): string {
  return lines(MANAGED, ...system.pfRules.split("\n").map((line) => line.trimEnd())).replace(
    /\n+$/,
    "\n",
  );
}
