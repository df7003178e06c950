import { farNetworks, isIpv6, netmask, networkAddress, type PeerInput } from "./peer";

/** A network as FortiOS writes it. */
export function subnet(network: string): string {
  return isIpv6(network) ? network : `${networkAddress(network)} ${netmask(network)}`;
}

/** The networks as address objects and two groups, `NAME-own` and `NAME-far`. */
export function addresses(input: PeerInput, name: string): string[] {
  const six = input.tunnel.remote.some(isIpv6);
  const sides = { own: input.tunnel.remote, far: farNetworks(input) };
  const members = Object.entries(sides).map(([side, networks]) => ({
    group: `${name}-${side}`,
    objects: networks.map((network, index) => ({ network, title: `${name}-${side}-${index + 1}` })),
  }));
  return [
    `config firewall ${six ? "address6" : "address"}`,
    ...members.flatMap(({ objects }) =>
      objects.flatMap(({ network, title }) => [
        `    edit "${title}"`,
        `        set ${six ? "ip6" : "subnet"} ${subnet(network)}`,
        "    next",
      ]),
    ),
    "end",
    `config firewall ${six ? "addrgrp6" : "addrgrp"}`,
    ...members.flatMap(({ group, objects }) => [
      `    edit "${group}"`,
      `        set member ${objects.map(({ title }) => `"${title}"`).join(" ")}`,
      "    next",
    ]),
    "end",
  ];
}

/** Lets both sides through, in both directions. */
export function policies(input: PeerInput, name: string): string[] {
  const six = input.tunnel.remote.some(isIpv6) ? "6" : "";
  const policy = (title: string, from: string, to: string, source: string, target: string) => [
    "    edit 0",
    `        set name "${title}"`,
    `        set srcintf "${from}"`,
    `        set dstintf "${to}"`,
    `        set srcaddr${six} "${source}"`,
    `        set dstaddr${six} "${target}"`,
    "        set action accept",
    '        set schedule "always"',
    '        set service "ALL"',
    "    next",
  ];
  return [
    "config firewall policy",
    ...policy(`${name}-out`, "INSIDE", name, `${name}-own`, `${name}-far`),
    ...policy(`${name}-in`, name, "INSIDE", `${name}-far`, `${name}-own`),
    "end",
  ];
}
