import type { Arm } from "../config/arms";
import { addressOf, family, parseNetwork } from "../config/net";
import { type Paired, remoteNetworks } from "../config/pairs";
import type { Group, StackConfig, Tunnel } from "../config/schema";
import { STATIC_PRIORITY, type TunnelInterface, tunnelInterface } from "../config/tunnelInterface";
import { USER_RULES_AT_BOOT } from "./pfUserConf";
import { lines } from "./text";

/** That of the last resort among routes: any other one to the same network comes before it (route(8)). */
const LAST = 62;
const NOWHERE = { 4: "-inet default 127.0.0.1", 6: "-inet6 default ::1" } as const;

/**
 * /etc/hostname.enc0: always there, but only an interface that is up shows packets to tcpdump (enc(4)).
 *
 * The kernel looks for a route before it gives a packet to a flow, and drops one that has none (ip_forward,
 * ip6_forward). So the networks behind flows that are not of the default router's family get a default route that leads
 * nowhere, which is all that IPsec needs of it (icmp6_mtudisc_clone: "it can use reject for that").
 */
export function hostnameEnc0({
  network,
  tunnels,
}: Pick<StackConfig, "network" | "tunnels">): string {
  const byFlows = tunnels.filter(
    (tunnel) => tunnel.enabled && tunnelInterface(tunnel) === undefined,
  );
  const families = new Set(byFlows.flatMap(remoteNetworks).map(family));
  const routes = ([4, 6] as const)
    .filter((one) => families.has(one) && one !== family(network.gateway))
    .map((one) => `!route -qn add -priority ${LAST} ${NOWHERE[one]} -reject`);
  return lines("up", USER_RULES_AT_BOOT, ...routes);
}

type RoutedTunnel = Paired &
  Pick<Tunnel, "name" | "peer" | "enabled"> & { readonly group?: Group | undefined };

/**
 * /etc/hostname.secN or greN (hostname.if(5), sec(4), gre(4)): the addresses inside the tunnel, and the routes of its
 * remote networks. They stay while the tunnel is down, so that nothing takes another way. A disabled tunnel has
 * none, as another one may lead there; pf keeps its networks from going out in clear.
 *
 * The line `# gwctl group NAME PRIORITY TUNNEL` says to gwctl that its watchdog may take the routes out and in again.
 *
 * netstart(8) takes the word after an `inet` address for a netmask, so the peer's address stands in a
 * `dest` line of its own. IPv6 takes a peer's address with a /128 only (in6.c), and needs none: the
 * interface's network holds it.
 *
 * gre(4) takes what arrives only from the far one of its two ends, so they come first.
 * @param outside the gateway's own address towards the peers
 */
export function hostnameTunnel(
  { driver, address: network, peerAddress, mtu }: TunnelInterface,
  tunnel: RoutedTunnel,
  outside: string,
): string {
  const { name, enabled, group } = tunnel;
  const [inet, flag] = family(network) === 6 ? ["inet6", "-inet6"] : ["inet", "-inet"];
  const priority = group ? `-priority ${STATIC_PRIORITY - 1 + group.priority} ` : "";
  const routes = remoteNetworks(tunnel)
    .filter((remote) => enabled && family(remote) === family(network))
    .map((remote) => `!route -qn add ${priority}${flag} ${remote} ${peerAddress}`);
  const [address = "", prefix = ""] = network.split("/");
  const own =
    inet === "inet6" ? [`inet6 ${address} ${prefix}`] : [`inet ${network}`, `dest ${peerAddress}`];
  const ends = driver === "gre" ? [`tunnel ${outside} ${tunnel.peer}`] : [];
  const header = group && enabled ? [`# gwctl group ${group.name} ${group.priority} ${name}`] : [];
  return lines(...header, ...ends, ...own, `mtu ${mtu}`, "up", ...routes);
}

/**
 * /etc/hostname.NAME of an arm (hostname.if(5), vlan(4)). The first line with an address is the one that the
 * installer writes, so that a file of one address stays as it was installed. A VLAN's parent can be set only
 * while it is down, which it is until it gets an address.
 */
export function hostnameArm({ address, aliases, vlan }: Arm): string {
  return lines(
    ...(vlan ? [`vnetid ${vlan.tag} parent ${vlan.parent}`] : []),
    ...(address === undefined ? [] : [addressLine(address)]),
    ...aliases.map((alias) =>
      family(alias) === 6 ? `inet6 alias ${alias} 128` : `inet alias ${alias} 0xffffffff`,
    ),
    ...(address === undefined || vlan ? ["up"] : []),
  );
}

function addressLine(address: string): string {
  const network = parseNetwork(address);
  if (!network) throw new RangeError(`${address}: is no address with its prefix`);
  const own = addressOf(address);
  const { prefix } = network;
  return network.family === 6 ? `inet6 ${own} ${prefix}` : `inet ${own} ${hexMask(prefix)}`;
}

/** As ifconfig(8) prints it, from which the installer takes it. */
function hexMask(prefix: number): string {
  return `0x${Number.parseInt("1".repeat(prefix).padEnd(32, "0"), 2).toString(16).padStart(8, "0")}`;
}
