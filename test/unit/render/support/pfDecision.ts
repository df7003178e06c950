import { family, hostNetwork, inside, numberedAddress, parseNetwork } from "../../../../config/net";
import type { End, Rule, Ruleset } from "./pfRules";

export interface Packet {
  readonly direction: "in" | "out";
  readonly on: string;
  readonly protocol: string;
  readonly from: string;
  readonly to: string;
  readonly fromPort?: number;
  readonly toPort?: number;
  readonly type?: string;
  readonly tag?: string;
}

/** Addresses of the machine by interface. */
export type Own = Readonly<Record<string, string>>;

const SERVICES: Readonly<Record<string, number>> = { domain: 53, ntp: 123, http: 80, https: 443 };

/** pf_map_addr in pf_lb.c: without `bitmask` a network's first address, whichever host it is for. */
function poolAddress(pool: string, host: string, bitmask = false): string {
  const network = parseNetwork(pool);
  const one = hostNetwork(host);
  if (!network || !one) return pool;
  const within = bitmask ? one.first & (network.last - network.first) : 0n;
  return numberedAddress(network.first + within, network.family);
}

const length = (network: string): number => parseNetwork(network)?.prefix ?? 0;

/** Without `static-port` pf chooses a port from 50001 on for TCP and UDP (PF_NAT_PROXY_PORT_LOW). */
export function translated(packet: Packet, { natTo, rdrTo, staticPort, bitmask }: Rule): Packet {
  if (rdrTo !== undefined) return { ...packet, to: poolAddress(rdrTo, packet.to, bitmask) };
  const chosen = packet.fromPort === undefined || staticPort ? packet.fromPort : 50001;
  const from = natTo === undefined ? packet.from : poolAddress(natTo, packet.from, bitmask);
  return { ...packet, from, ...(chosen === undefined ? {} : { fromPort: chosen }) };
}

/** pf.conf(5): the last rule that matches wins, the first that is quick ends it; without any, pass. */
export function decide(rules: Ruleset, own: Own, packet: Packet): "pass" | "block" {
  return decision(rules, own, packet).verdict;
}

/** The verdict, and the packet as it is then. */
export function decision({ rules, tables }: Ruleset, own: Own, first: Packet) {
  let packet = first;
  let verdict: "pass" | "block" = "pass";
  for (const rule of rules) {
    if (!matches(rule, packet)) continue;
    if (rule.natTo !== undefined || rule.rdrTo !== undefined) packet = translated(packet, rule);
    if (rule.action === "match") continue;
    verdict = rule.action;
    if (rule.quick) return { verdict, packet };
  }
  return { verdict, packet };

  function matches(rule: Rule, seen: Packet): boolean {
    const { direction, on, protocols, types, tagged } = rule;
    const inet = family(seen.from) === 6 ? "inet6" : "inet";
    return (
      (direction === undefined || direction === seen.direction) &&
      (on.length === 0 || on.includes(seen.on)) &&
      (rule.family === undefined || rule.family === inet) &&
      (protocols.length === 0 || protocols.includes(seen.protocol)) &&
      (types.length === 0 || types.includes(seen.type ?? "")) &&
      (tagged === undefined || tagged === seen.tag) &&
      meets(rule.from, seen.from, seen.fromPort) &&
      meets(rule.to, seen.to, seen.toPort)
    );
  }

  function meets({ hosts, ports }: End, address: string, port: number | undefined): boolean {
    const known = ports.map((one) => SERVICES[one] ?? Number(one));
    if (ports.length > 0 && !known.includes(port ?? -1)) return false;
    return hosts.length === 0 || hosts.some((host) => within(host, address));
  }

  function within(host: string, address: string): boolean {
    if (host.startsWith("<")) return inTable(tables.get(host) ?? [], address);
    if (host === "(self)") return Object.values(own).includes(address);
    if (host.startsWith("(")) return own[host.slice(1, -1)] === address;
    return inside(address, [networkText(host)]);
  }

  /** Of the entries that hold the address the longest decides, which may be a negated one. */
  function inTable(entries: readonly string[], address: string): boolean {
    const [longest] = entries
      .map((entry) => ({ entry, network: networkText(entry.replace("!", "")) }))
      .filter(({ network }) => inside(address, [network]))
      .sort((a, b) => length(b.network) - length(a.network));
    return longest !== undefined && !longest.entry.startsWith("!");
  }

  function networkText(host: string): string {
    const width = host.includes(":") ? 128 : 32;
    return host.includes("/") ? host : `${host}/${width}`;
  }
}
