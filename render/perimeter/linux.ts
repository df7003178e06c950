import { family } from "../../config/net";
import { lines } from "../text";
import type { Forward } from "../../contract/perimeter";
import type { Outside } from "./forward";

/** Shell that refuses unless the tool, the interface and the address are there. */
export function linuxChecks(tool: string, fix: string, outside: Outside): string {
  const { interface: name, address } = outside;
  return lines(
    `for tool in ${tool} ip; do`,
    `  command -v "$tool" >/dev/null || refuse "$tool is not installed here: ${fix}"`,
    "done",
    `ip link show dev ${name} >/dev/null 2>&1 ||`,
    `  refuse "${name} is no interface of this machine, which has $(interfaces): correct perimeter.outside.interface"`,
    `[ -n "$(ip -o addr show to ${address})" ] ||`,
    `  refuse "${address} is on no interface of this machine; ${name} has $(addresses ${name}): correct perimeter.outside.address"`,
  );
}

export const LINUX_QUERIES = lines(
  "interfaces() { ip -o link show | sed 's/^[0-9]*: //; s/[:@].*//' | grep -vx lo | tr '\\n' ' ' | sed 's/ $//'; }",
  `addresses() { ip -o addr show dev "$1" | awk '{ printf "%s%s", sep, $4; sep = " " }'; }`,
);

/**
 * Flows that were tracked before there was a forward, and which NAT, as it looks at the first packet of a
 * flow only, would leave as they are as long as somebody keeps them alive. A peer that knocked is
 * tracked as one of the firewall itself; and because that one has the gateway's port in use, what the
 * gateway sends to the same peer leaves by another port, and the peer then comes in by another one.
 */
export function forgetStrays(forward: Forward): string {
  const { protocol, port, outside, target } = forward;
  const family6 = family(outside.address) === 6;
  const values: Record<string, string> = {
    address: outside.address,
    gateway: target,
    port: String(port ?? ""),
  };
  const settings = Object.entries(values).map(([name, value]) => `-v ${name}='${value}'`);
  // By number: conntrack(8) has no word for ESP.
  const kind = `-f ${family6 ? "ipv6" : "ipv4"} -p ${protocol === "esp" ? 50 : "udp"}`;
  return lines(
    "strays() {",
    `  conntrack -L ${kind} 2>/dev/null | awk ${settings.join(" ")} '`,
    STRAYS_AWK.trim(),
    "'; }",
    "forget_strays() {",
    "  command -v conntrack >/dev/null || return 0",
    // One that comes back before the other half of its pair is gone is rewritten once more.
    "  for again in 1 2 3; do",
    "    flows=$(strays)",
    '    [ -n "$flows" ] || return 0',
    `    printf '%s\n' "$flows" | while read -r flow; do conntrack -D ${kind} $flow >/dev/null 2>&1; done`,
    "  done",
    "  return 0",
    "}",
  );
}

const STRAYS_AWK = `
{
  split("", value); split("", seen)
  for (i = 1; i <= NF; i++) {
    at = index($i, "=")
    if (!at) continue
    name = substr($i, 1, at - 1)
    value[name, ++seen[name]] = substr($i, at + 1)
  }
  from = value["src", 1]; to = value["dst", 1]
  stray = to == address && value["src", 2] == address
  if (port != "") {
    sport = value["sport", 1]; dport = value["dport", 1]
    if (dport != port && sport != port) next
    stray = stray && dport == port
    moved = value["dport", 2] != sport
    if (moved && dport == port && value["src", 2] == gateway) stray = 1
    if (moved && sport == port && from == gateway) stray = 1
  }
  if (!stray) next
  printf "--orig-src %s --orig-dst %s", from, to
  print port == "" ? "" : " --orig-port-src " sport " --orig-port-dst " dport
}
`;
