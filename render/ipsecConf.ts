import { wordFor } from "../config/algorithms";
import { addressOf } from "../config/net";
import type { Phase1, Phase2, StackConfig, Tunnel } from "../config/schema";
import { type Selector, selectors } from "../config/selectors";
import { pfTag } from "./pfConf";
import { continued, quotedPsk } from "./quote";
import { lines, MANAGED } from "./text";
import { tunnelHeader } from "./tunnelHeader";

/**
 * /etc/ipsec/NAME.conf: one `ike` rule per pair of networks, in the one order that ipsec.conf(5)
 * accepts. Hosts keep their /32, which isakmpd sends as a subnet, as peers with access lists want.
 */
export function ipsecTunnel(config: StackConfig, tunnel: Tunnel, psk: string): string {
  const rules = selectors(tunnel).map((pair) => rule(config, tunnel, pair, psk));
  return lines(MANAGED, ...tunnelHeader(config, tunnel), ...rules);
}

function rule(config: StackConfig, tunnel: Tunnel, { from, to }: Selector, psk: string): string {
  return continued([
    `ike ${tunnel.mode} esp tunnel from ${from} to ${to}`,
    `local ${addressOf(config.network.address)} peer ${tunnel.peer}`,
    main(tunnel.phase1),
    quick(tunnel.phase2),
    `srcid "${tunnel.localId}" dstid "${tunnel.remoteId}"`,
    `psk ${quotedPsk(psk)}`,
    `tag "${pfTag(tunnel)}"`,
  ]);
}

/** IKEv1 has one hash for integrity and pseudo-random function (RFC 2409 4). */
function main({ encryption, prf, group, lifetime }: Phase1): string {
  return [
    `main auth ${wordFor("isakmpd", "ikeIntegrity", prf)}`,
    `enc ${wordFor("isakmpd", "ikeEncryption", encryption)}`,
    `group ${wordFor("isakmpd", "ikeGroup", group)}`,
    `lifetime ${lifetime}`,
  ].join(" ");
}

function quick({ encryption, integrity, group, lifetime }: Phase2): string {
  return [
    "quick",
    ...(integrity === undefined ? [] : [`auth ${wordFor("isakmpd", "espIntegrity", integrity)}`]),
    `enc ${wordFor("isakmpd", "espEncryption", encryption)}`,
    `group ${wordFor("isakmpd", "espGroup", group)}`,
    `lifetime ${lifetime}`,
  ].join(" ");
}
