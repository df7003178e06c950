import { wordFor } from "../config/algorithms";
import { outsideAddress } from "../config/arms";
import { addressOf } from "../config/net";
import { allProposals } from "../config/proposals";
import { protocolWord } from "../config/protocols";
import type { Phase1, Phase2, StackConfig, Tunnel } from "../config/schema";
import { shownNetwork } from "../config/nat";
import { idText, negotiated, type Selector, selectors } from "../config/selectors";
import { isRouted, tunnelInterface } from "../config/tunnelInterface";
import { authentication } from "./authentication";
import { pfTag } from "./pfTunnel";
import { continued } from "./quote";
import { lines, MANAGED } from "./text";
import { tunnelHeader } from "./tunnelHeader";

/**
 * /etc/iked/_globals.conf. Fragmentation is off by default, and an IKE_AUTH that a path drops for
 * its size looks like a dead peer (iked.conf(5), RFC 7383).
 *
 * A peer that starts anew would leave its old IKE SA beside the new one until DPD ends it after minutes, and
 * what is sent into the old one's child SA is lost. iked goes by the remote id alone, so every tunnel has
 * one of its own (GW050). `ikectl reset id` resets every IKE SA of that id (ikev2_ctl_reset_id).
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
 * Transforms are always explicit: iked's own proposals include 3des, sha1 and modp1024. Several proposals are
 * offered in their order, and of a peer's the first of ours that fits is taken (policy.c proposals_negotiate).
 */
export function ikedTunnel(config: StackConfig, tunnel: Tunnel, psk: string | undefined): string {
  const { phase1, phase2 } = allProposals<Phase1, Phase2>(tunnel);
  const own = addressOf(outsideAddress(config.network));
  const transport = tunnel.kind === "gre" ? " transport" : "";
  const policy = continued([
    `ikev2 "${tunnel.name}" ${tunnel.mode}${transport} esp${protocol(tunnel, own)}`,
    ...hosts(tunnel, own),
    `local ${own} peer ${tunnel.peer}`,
    ...phase1.map(({ proposal }) => ikesa(proposal)),
    ...phase2.map(({ proposal }) => childsa(proposal)),
    `srcid "${tunnel.localId}" dstid "${tunnel.remoteId}"`,
    lifetimes(tunnel),
    authentication("iked", tunnel, psk),
    ...(tunnel.kind === "route" ? [`iface ${tunnelInterface(tunnel)?.name}`] : []),
    `tag "${pfTag(tunnel)}"`,
  ]);
  return lines(MANAGED, ...tunnelHeader(config, tunnel), policy);
}

/** The protocol stands once per policy, and holds for each of its pairs: all have the same (GW073). */
function protocol(tunnel: Tunnel, own: string): string {
  const [first] = negotiated(tunnel, own);
  return first?.traffic === undefined ? "" : ` proto ${protocolWord(first.traffic.protocol)}`;
}

/** `any` would be both families, of which iked also answers the one that the peer did not propose. */
function hosts(tunnel: Tunnel, own: string): string[] {
  if (isRouted(tunnel)) {
    return negotiated(tunnel, own).map(({ from, to }) => `from ${idText(from)} to ${idText(to)}`);
  }
  return [...new Set(selectors(tunnel).map((pair) => pairOf(tunnel, pair)))];
}

function pairOf({ nat }: Tunnel, { from, to, traffic }: Selector): string {
  const port = (number: number | undefined) => (number === undefined ? "" : ` port ${number}`);
  const shown = shownNetwork(nat, from);
  const source = shown === from ? from : `${shown} (${from})`;
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
