import { wordFor } from "../config/algorithms";
import { addressOf } from "../config/net";
import type { Phase1, Phase2, StackConfig, Tunnel } from "../config/schema";
import { selectors } from "../config/selectors";
import { pfTag } from "./pfConf";
import { continued, quotedPsk } from "./quote";
import { lines, MANAGED } from "./text";
import { tunnelHeader } from "./tunnelHeader";

/**
 * /etc/iked/_globals.conf. Fragmentation is off by default, and an IKE_AUTH that a path drops for
 * its size looks like a dead peer (iked.conf(5), RFC 7383).
 */
export function ikedGlobals({ ike }: StackConfig): string {
  return lines(MANAGED, "set fragmentation", `set dpd_check_interval ${ike.deadPeerSeconds}`);
}

/**
 * /etc/iked/NAME.conf: one policy with every pair of networks, in the order of iked.conf(5).
 * Transforms are always explicit: iked's own proposals include 3des, sha1 and modp1024.
 */
export function ikedTunnel(config: StackConfig, tunnel: Tunnel, psk: string): string {
  const policy = continued([
    `ikev2 "${tunnel.name}" ${tunnel.mode} esp`,
    ...selectors(tunnel).map(({ from, to }) => `from ${from} to ${to}`),
    `local ${addressOf(config.network.address)} peer ${tunnel.peer}`,
    ikesa(tunnel.phase1),
    childsa(tunnel.phase2),
    `srcid "${tunnel.localId}" dstid "${tunnel.remoteId}"`,
    `ikelifetime ${tunnel.phase1.lifetime} lifetime ${tunnel.phase2.lifetime}`,
    `psk ${quotedPsk(psk)}`,
    `tag "${pfTag(tunnel)}"`,
  ]);
  return lines(MANAGED, ...tunnelHeader(config, tunnel), policy);
}

function ikesa({ encryption, integrity, prf, group }: Phase1): string {
  return [
    `ikesa enc ${wordFor("iked", "ikeEncryption", encryption)}`,
    ...(integrity === undefined ? [] : [`auth ${wordFor("iked", "ikeIntegrity", integrity)}`]),
    `prf ${wordFor("iked", "ikeIntegrity", prf)}`,
    `group ${wordFor("iked", "ikeGroup", group)}`,
  ].join(" ");
}

function childsa({ encryption, integrity, group }: Phase2): string {
  return [
    `childsa enc ${wordFor("iked", "espEncryption", encryption)}`,
    ...(integrity === undefined ? [] : [`auth ${wordFor("iked", "espIntegrity", integrity)}`]),
    `group ${wordFor("iked", "espGroup", group)}`,
  ].join(" ");
}
