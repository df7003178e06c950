import {
  addressOf,
  formatNetwork,
  hostNetwork,
  parseAddress,
  parseNetwork,
} from "../../config/net";
import type { Traffic } from "../../config/schema";
import type { Host } from "../../parse/bsdConf/hosts";
import type { Place } from "../../parse/bsdConf/token";
import type { ImportedPair } from "./candidate";
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
  readonly nat?: string;
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
  const nats = new Set(rule.flows.map(({ from }) => (from.nat === undefined ? "" : from.spec)));
  if (nats.size > 1) {
    throw new LeftOut(
      "translates its networks to different addresses",
      "declare one tunnel with nat for each address",
    );
  }
  const [shown = ""] = nats;
  const nat = shown === "" ? undefined : natAddress(shown);
  if (shown !== "" && nat === undefined) {
    throw new LeftOut(
      `translates to ${shown}, which is not one address`,
      "declare the tunnel with nat: { address }, or let the peer have our own networks",
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
  return { pairs, ...(nat !== undefined && { nat }) };
}

function natAddress(spec: string): string | undefined {
  const whole = hostNetwork(addressOf(spec));
  if (whole === undefined) return undefined;
  return !spec.includes("/") || formatNetwork(whole) === spec ? whole.address : undefined;
}

function network(spec: string, place: Place, notes: Notes): string {
  if (spec === "any" || spec.endsWith("/0")) {
    throw new LeftOut(
      `${spec} covers every network, the gateway's own with it`,
      "declare the networks themselves, or a tunnel of kind route",
    );
  }
  if (spec === "dynamic") {
    throw new LeftOut("dynamic is for road warriors", "the stack connects sites only");
  }
  const found = spec.includes("/") ? parseNetwork(spec) : hostNetwork(spec);
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
