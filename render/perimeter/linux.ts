import { lines } from "../text";
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
 * A peer that knocked before the forward existed is tracked as a flow to the firewall itself, and NAT
 * looks at the first packet of a flow only: as long as it goes on knocking, it would never get in.
 */
export function forgetStrays(port: number | undefined, address: string): string[] {
  if (port === undefined) return [];
  const own = `--orig-dst ${address} --reply-src ${address} --orig-port-dst ${port}`;
  return [
    `! command -v conntrack >/dev/null || conntrack -D -p udp ${own} >/dev/null 2>&1 || true`,
  ];
}
