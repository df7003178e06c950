import { family } from "../config/net";
import { type Paired, remoteNetworks } from "../config/pairs";
import type { Sec } from "../config/schema";
import { USER_RULES_AT_BOOT } from "./pfUserConf";
import { lines } from "./text";

/** /etc/hostname.enc0: always there, but only an interface that is up shows packets to tcpdump (enc(4)). */
export const ENC0 = lines("up", USER_RULES_AT_BOOT);

/** The name of a route-based tunnel's interface. */
export function secName({ unit }: Pick<Sec, "unit">): string {
  return `sec${unit}`;
}

/**
 * /etc/hostname.secN (hostname.if(5), sec(4)): the addresses inside the tunnel, and the routes of its
 * remote networks. They stay while the tunnel is down, so that nothing takes another way.
 *
 * netstart(8) takes the word after an `inet` address for a netmask, so the peer's address stands in a
 * `dest` line of its own. IPv6 takes a peer's address with a /128 only (in6.c), and needs none: the
 * interface's network holds it.
 */
export function hostnameSec(sec: Sec, tunnel: Paired): string {
  const [inet, flag] = family(sec.address) === 6 ? ["inet6", "-inet6"] : ["inet", "-inet"];
  const routes = remoteNetworks(tunnel)
    .filter((network) => family(network) === family(sec.address))
    .map((network) => `!route -qn add ${flag} ${network} ${sec.peerAddress}`);
  const [address = "", prefix = ""] = sec.address.split("/");
  const own =
    inet === "inet6"
      ? [`inet6 ${address} ${prefix}`]
      : [`inet ${sec.address}`, `dest ${sec.peerAddress}`];
  return lines(...own, `mtu ${sec.mtu}`, "up", ...routes);
}
