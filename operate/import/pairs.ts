import {
  addressOf,
  formatNetwork,
  hostNetwork,
  networkOrHost,
  parseAddress,
} from "../../config/net";
import type { Traffic } from "../../config/schema";
import type { Host } from "../../parse/bsdConf/hosts";
import type { Place } from "../../parse/bsdConf/token";
import type { ImportedNat, ImportedPair } from "./candidate";
import { LeftOut, type Notes } from "./note";

/** What the parsers take for a protocol, by name and number (/etc/protocols). */
const PROTOCOLS: Readonly<Record<string, Traffic["protocol"]>> = {
  ...{ tcp: "tcp", 6: "tcp", udp: "udp", 17: "udp", gre: "gre", 47: "gre" },
  ...{ icmp: "icmp", 1: "icmp", "ipv6-icmp": "icmp6", icmp6: "icmp6", 58: "icmp6" },
};

export interface RuleHosts extends Place {
  readonly flows: readonly { readonly from: Host; readonly to: Host }[];
  readonly protos: readonly string[];
}

export interface FoundPairs {
  readonly pairs: readonly ImportedPair[];
  readonly nat?: ImportedNat;
}

/** The networks of a rule. @throws LeftOut if the stack cannot declare them */
export function pairsOf(rule: RuleHosts, notes: Notes): FoundPairs {
  const protocols = rule.protos.map((word) => PROTOCOLS[word]);
  if (protocols.includes(undefined)) {
    throw new LeftOut(
      `protocol ${rule.protos.join(", ")} cannot be declared`,
      "declare the tunnel for all protocols, or for tcp, udp, icmp, icmp6 or gre",
    );
  }
  const pairs: ImportedPair[] = [];
  for (const { from, to } of rule.flows) {
    const local = network(from.nat ?? from.spec, rule, notes);
    const remote = network(to.spec, rule, notes);
    const ports = portsOf(from, to);
    if (protocols.length === 0 && Object.keys(ports).length > 0) {
      throw new LeftOut("has ports without a protocol", "write proto tcp or proto udp");
    }
    if (protocols.length === 0) pairs.push({ local, remote });
    for (const protocol of protocols) {
      if (protocol !== undefined) pairs.push({ local, remote, traffic: { protocol, ...ports } });
    }
  }
  const nat = natOf(rule);
  return { pairs, ...(nat !== undefined && { nat }) };
}

/** One address for all networks of the rule, or for each that is translated another one of its size. */
function natOf({ flows }: RuleHosts): ImportedNat | undefined {
  const shown = flows.map(({ from }) => (from.nat === undefined ? "" : from.spec));
  const [first = "", ...others] = new Set(shown);
  const address = others.length === 0 && first !== "" ? natAddress(first) : undefined;
  if (address !== undefined) return { address };
  const networks = new Map<string, string>();
  for (const { from } of flows) {
    if (from.nat === undefined) continue;
    const [local, as] = [from.nat, from.spec].map(networkOrHost);
    if (!local || as?.family !== local.family || as.prefix !== local.prefix) {
      throw new LeftOut(
        `translates ${from.nat} to ${from.spec}, which is neither one address for all nor a network of its size`,
        "declare the tunnel with nat: { address } or nat: { networks }, or let the peer have our own networks",
      );
    }
    networks.set(formatNetwork(local), formatNetwork(as));
  }
  return networks.size === 0
    ? undefined
    : { networks: [...networks].map(([local, as]) => ({ local, as })) };
}

function natAddress(spec: string): string | undefined {
  const whole = hostNetwork(addressOf(spec));
  if (whole === undefined) return undefined;
  return !spec.includes("/") || formatNetwork(whole) === spec ? whole.address : undefined;
}

/** Every address, as ipsec.conf(5) and iked.conf(5) write it. */
export function isEverything(spec: string): boolean {
  return spec === "any" || spec.endsWith("/0");
}

function network(spec: string, place: Place, notes: Notes): string {
  if (isEverything(spec)) {
    throw new LeftOut(
      `${spec} covers every network, the gateway's own with it`,
      "declare the networks themselves, or a tunnel of kind route",
    );
  }
  if (spec === "dynamic") {
    throw new LeftOut("dynamic is for road warriors", "the stack connects sites only");
  }
  const found = networkOrHost(spec);
  if (found === undefined && isNumeric(addressOf(spec))) {
    throw new LeftOut(
      `${spec} is no network`,
      "write it as ADDRESS/PREFIX, with a prefix of at most 32, or 128 with IPv6",
    );
  }
  if (found === undefined) {
    throw new LeftOut(
      `${spec} is an interface or a host name`,
      "write its address: the peer needs to know exactly what is protected",
    );
  }
  const text = formatNetwork(found);
  if (!spec.includes("/")) {
    notes.changed(
      place,
      `${spec} becomes ${text}`,
      "nothing, unless the peer insists on an address instead of a subnet (isakmpd sends another id)",
    );
  } else if (text !== spec) {
    const sameText = parseAddress(addressOf(spec)) === found.address;
    notes.changed(place, `${spec} becomes ${text}`, sameText ? "nothing" : "check the host bits");
  }
  return text;
}

const isNumeric = (address: string): boolean =>
  /^[\d.]+$/.test(address) || parseAddress(address) !== undefined;

type Ports = Pick<Traffic, "localPort" | "remotePort">;

function portsOf(from: Host, to: Host): Ports {
  const [local, remote] = [from.port, to.port].map((port) =>
    port === undefined ? undefined : Number(port),
  );
  if ([local, remote].some((port) => port !== undefined && !(port >= 1 && port <= 65535))) {
    throw new LeftOut("a port is given by name", "write its number and import again");
  }
  return {
    ...(local !== undefined && { localPort: local }),
    ...(remote !== undefined && { remotePort: remote }),
  };
}
