import { wordFor } from "../config/algorithms";
import { addressOf } from "../config/net";
import type { Phase1, Phase2, StackConfig, Tunnel } from "../config/schema";
import { natNetwork, type Selector, selectors } from "../config/selectors";
import { secName } from "./hostnameIf";
import { pfTag } from "./pfTunnel";
import { protocolWord } from "./protocol";
import { continued, quotedPsk } from "./quote";
import { lines, MANAGED } from "./text";
import { tunnelHeader } from "./tunnelHeader";

/**
 * /etc/iked/_globals.conf. Fragmentation is off by default, and an IKE_AUTH that a path drops for
 * its size looks like a dead peer (iked.conf(5), RFC 7383).
 *
 * A peer that starts anew would leave its old IKE SA beside the new one until DPD ends it after minutes, and
 * `ikectl reset id` finds the newest only (ikev2.c): a tunnel that is removed would keep the other. Every
 * tunnel's remote id is its own, so that a single one is never another tunnel's.
 */
export function ikedGlobals({ ike }: StackConfig): string {
  return lines(
    MANAGED,
    `set ${ike.fragmentation ? "fragmentation" : "nofragmentation"}`,
    "set enforcesingleikesa",
    `set dpd_check_interval ${ike.deadPeerSeconds}`,
  );
}

/**
 * /etc/iked/NAME.conf: one policy with every pair of networks, in the order of iked.conf(5).
 * Transforms are always explicit: iked's own proposals include 3des, sha1 and modp1024.
 */
export function ikedTunnel(config: StackConfig, tunnel: Tunnel, psk: string): string {
  const policy = continued([
    `ikev2 "${tunnel.name}" ${tunnel.mode} esp${protocols(tunnel)}`,
    ...hosts(tunnel),
    `local ${addressOf(config.network.address)} peer ${tunnel.peer}`,
    ikesa(tunnel.phase1),
    childsa(tunnel.phase2),
    `srcid "${tunnel.localId}" dstid "${tunnel.remoteId}"`,
    lifetimes(tunnel),
    `psk ${quotedPsk(psk)}`,
    ...(tunnel.sec ? [`iface ${secName(tunnel.sec)}`] : []),
    `tag "${pfTag(tunnel)}"`,
  ]);
  return lines(MANAGED, ...tunnelHeader(config, tunnel), policy);
}

/** The protocols stand once per policy, and hold for each of its pairs. */
function protocols({ kind, traffic }: Tunnel): string {
  if (kind === "route" || traffic === undefined) return "";
  const words = [...new Set(traffic.map(({ protocol }) => protocolWord(protocol)))];
  return words.length === 1 ? ` proto ${words.join("")}` : ` proto { ${words.join(" ")} }`;
}

function hosts(tunnel: Tunnel): string[] {
  if (tunnel.kind === "route") return ["from any to any"];
  return [...new Set(selectors(tunnel).map((pair) => pairOf(tunnel, pair)))];
}

function pairOf({ nat }: Tunnel, { from, to, traffic }: Selector): string {
  const port = (number: number | undefined) => (number === undefined ? "" : ` port ${number}`);
  const source = nat ? `${natNetwork(nat)} (${from})` : from;
  return `from ${source}${port(traffic?.localPort)} to ${to}${port(traffic?.remotePort)}`;
}

function ikesa({ encryption, integrity, prf, group }: Phase1): string {
  return [
    `ikesa enc ${wordFor("iked", "ikeEncryption", encryption)}`,
    ...(integrity === undefined ? [] : [`auth ${wordFor("iked", "ikeIntegrity", integrity)}`]),
    `prf ${wordFor("iked", "ikeIntegrity", prf)}`,
    `group ${wordFor("iked", "ikeGroup", group)}`,
  ].join(" ");
}

function childsa({ encryption, integrity, group, esn }: Phase2): string {
  return [
    `childsa enc ${wordFor("iked", "espEncryption", encryption)}`,
    ...(integrity === undefined ? [] : [`auth ${wordFor("iked", "espIntegrity", integrity)}`]),
    `group ${wordFor("iked", "espGroup", group)}`,
    ...(esn === undefined ? [] : [esn ? "esn" : "noesn"]),
  ].join(" ");
}

function lifetimes({ phase1, phase2 }: Tunnel): string {
  const bytes = phase2.bytes === undefined ? "" : ` bytes ${phase2.bytes}`;
  return `ikelifetime ${phase1.lifetime} lifetime ${phase2.lifetime}${bytes}`;
}
