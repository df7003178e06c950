import { outsideAddress } from "../config/arms";
import { usesIpv6 } from "../config/families";
import { EVERYWHERE, everywhere, exceptions, passedInClear } from "../config/exceptions";
import { nearerSelectors } from "../config/nesting";
import { addressOf } from "../config/net";
import { localNetworks, remoteNetworks } from "../config/pairs";
import type { StackConfig } from "../config/schema";
import { tunnelInterface } from "../config/tunnelInterface";
import {
  accessTables,
  adminRule,
  enabled,
  ikeRules,
  interfaces,
  lastResort,
  sides,
  table,
} from "./pfAccess";
import { internet, spoofing } from "./pfArms";
import { greGuards, protectedGre, routingProtocols } from "./pfGre";
import { clearInterface, givenBack, tunnelRules } from "./pfTunnel";
import { USER_ANCHOR, USER_FILE } from "./pfUserConf";
import { lines, MANAGED } from "./text";

/** IP and TCP headers, which the MTU of an interface includes. */
const HEADERS = { inet: 40, inet6: 60 } as const;

/**
 * /etc/pf.conf (pf.conf(5), enc(4)). Blocks all, then lets through: SSH from the admins, IKE from and to known peers, what the gateway itself needs, and each tunnel's own
 * networks. Networks behind a tunnel, also a disabled one, never leave in clear.
 */
export function pfConf(config: StackConfig): string {
  const sections = [
    [MANAGED],
    lastResort(config),
    interfaces(config),
    tables(config),
    ["set block-policy drop", "set skip on lo", "set loginterface $ext"],
    clamp(config),
    ["block log all"],
    spoofing(config),
    ike(config),
    guards(config),
    internet(config),
    inClear(config),
    own(config),
    icmp(config),
    lan(config),
    ...tunnels(config),
    userAnchor(),
  ];
  return sections
    .filter((section) => section.length > 0)
    .map((section) => lines(...section))
    .join("\n");
}

function tunnels(config: StackConfig): string[][] {
  const nearer = nearerSelectors(enabled(config));
  const { inside } = sides(config);
  const own = addressOf(outsideAddress(config.network));
  return enabled(config).map((tunnel) => [
    ...tunnelRules(tunnel, inside, nearer.get(tunnel)),
    ...protectedGre(tunnel, own),
  ]);
}

function tables(config: StackConfig): string[] {
  const { tunnels } = config;
  return [
    ...accessTables(config),
    ...table("local_nets", tunnels.flatMap(localNetworks)),
    ...table("remote_nets", [
      ...tunnels.flatMap(remoteNetworks),
      // A table goes by the longest prefix, as the kernel's flows do.
      ...exceptions(config).map((one) => `!${one}`),
    ]),
    ...table("clear_nets", passedInClear(config)),
  ];
}

function clamp(config: StackConfig): string[] {
  const v6 = usesIpv6(config);
  const on = (name: string, inet: number, inet6: number) => [
    `match on ${name} scrub (max-mss ${inet})`,
    ...(v6 ? [`match on ${name} inet6 scrub (max-mss ${inet6})`] : []),
  ];
  const routed = enabled(config)
    .flatMap((tunnel) => tunnelInterface(tunnel) ?? [])
    .flatMap(({ name, mtu }) => on(name, mtu - HEADERS.inet, mtu - HEADERS.inet6));
  const { maxMss } = config.network;
  return [...on("enc0", maxMss, maxMss - (HEADERS.inet6 - HEADERS.inet)), ...routed];
}

function ike(config: StackConfig): string[] {
  const rules = ikeRules(config);
  return rules.length === 0
    ? []
    : ["# Before the guards: a peer's own address may lie in one of its networks.", ...rules];
}

function guards(config: StackConfig): string[] {
  if (config.tunnels.length === 0) return [];
  const { every } = sides(config);
  return [
    "# Remote networks arrive through their tunnels only, and never leave in clear.",
    `block drop in log quick on ${every} from <remote_nets> to any`,
    `block return out log quick on ${every} from any to <remote_nets>`,
    ...greGuards(config.tunnels, every),
  ];
}

/**
 * What a tunnel for every address leaves out, from its networks. With one arm the answers come from the router
 * without passing here, so no packet has to be the first, and numbers are not followed (pf.conf(5), sloppy).
 */
function inClear(config: StackConfig): string[] {
  const wide = everywhere(config);
  if (wide === undefined) return [];
  const locals = wide.pairs.flatMap(({ local, remote }) => (remote === EVERYWHERE ? local : []));
  const { every, own: self } = sides(config);
  return [
    "# The exceptions of the tunnel for every address, in clear, but not to the gateway's own services.",
    `pass on ${every} from { ${locals.join(", ")} } to <clear_nets> flags any keep state (sloppy)`,
    `block in log on ${every} from any to ${self}`,
  ];
}

function own(config: StackConfig): string[] {
  const { every, own: self } = sides(config);
  return [
    "# The gateway itself: administration, names, time, packages and patches, its own lease.",
    adminRule(config),
    `pass out on ${every} proto { tcp udp } from ${self} to any port { domain ntp http https }`,
    "pass out on $ext inet proto udp from any port 68 to any port 67",
    "pass in on $ext inet proto udp from any port 67 to any port 68",
  ];
}

function icmp(config: StackConfig): string[] {
  const { every, own: self } = sides(config);
  const v6 =
    `pass on ${every} inet6 proto icmp6 icmp6-type ` +
    "{ neighbrsol neighbradv routersol routeradv echoreq unreach toobig }";
  return [
    "# Unreachable carries path MTU discovery.",
    `pass in on ${every} inet proto icmp from any to ${self} icmp-type { echoreq unreach }`,
    `pass out on ${every} inet proto icmp from ${self} to any icmp-type { echoreq unreach }`,
    ...(usesIpv6(config) ? [v6] : []),
  ];
}

function lan(config: StackConfig): string[] {
  if (enabled(config).length === 0) return [];
  const { inside } = sides(config);
  const clear = [...new Set(enabled(config).map(clearInterface))];
  const on = clear.length === 1 ? clear.join("") : `{ ${clear.join(", ")} }`;
  return [
    "# Into the tunnels. A state bound to enc0 cannot pass the same packet in clear (enc(4)).",
    `pass in on ${inside} from <local_nets> to <remote_nets> tag LAN2VPN`,
    ...(clear.includes("enc0")
      ? [
          "pass out on enc0 tagged LAN2VPN keep state (if-bound)",
          "pass out on enc0 from (self) to <remote_nets> keep state (if-bound)",
        ]
      : []),
    ...mapped(config),
    ...enabled(config).flatMap(routingProtocols),
    "# Out of the tunnels, to the networks but not to the gateway's own services.",
    `block in log quick on ${on} proto { tcp udp } from any to (self)`,
  ];
}

function mapped(config: StackConfig): string[] {
  const rules = enabled(config).flatMap(givenBack);
  return rules.length === 0 ? [] : ["# What the peers call by other addresses.", ...rules];
}

/** Last, so that these rules have the last word on all that no `quick` rule has decided. */
function userAnchor(): string[] {
  return [
    `# The stack's further rules (system.pfRules): ${USER_FILE}, which is loaded by itself.`,
    `anchor "${USER_ANCHOR}"`,
  ];
}
