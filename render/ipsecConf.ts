import { wordFor } from "../config/algorithms";
import { outsideAddress } from "../config/arms";
import { addressOf } from "../config/net";
import { protocolWord } from "../config/protocols";
import type { Phase1, Phase2, StackConfig, Tunnel } from "../config/schema";
import { shownNetwork } from "../config/nat";
import { idText, negotiated, type Selector, selectors } from "../config/selectors";
import { tunnelInterface } from "../config/tunnelInterface";
import { authentication } from "./authentication";
import { pfTag } from "./pfTunnel";
import { continued } from "./quote";
import { lines, MANAGED } from "./text";
import { tunnelHeader } from "./tunnelHeader";

/**
 * /etc/ipsec/NAME.conf: one `ike` rule per pair of networks, in the one order that ipsec.conf(5)
 * accepts.
 */
export function ipsecTunnel(config: StackConfig, tunnel: Tunnel, psk: string | undefined): string {
  return lines(
    MANAGED,
    ...tunnelHeader(config, tunnel),
    ...starts(config, tunnel).map((start) => continued([start, ...rest(config, tunnel, psk)])),
  );
}

/** How each rule starts: what its SAs are for. */
function starts({ network }: StackConfig, tunnel: Tunnel): string[] {
  const { kind, mode, nat } = tunnel;
  switch (kind) {
    case "route":
      return [`ike ${mode} interface ${tunnelInterface(tunnel)?.name}`];
    case "gre":
      return negotiated(tunnel, addressOf(outsideAddress(network))).map(
        (pair) => `ike ${mode} esp transport ${hosts({}, pair)}`,
      );
    case "policy":
      return selectors(tunnel).map((pair) => `ike ${mode} esp tunnel ${hosts({ nat }, pair)}`);
  }
}

function hosts({ nat }: Pick<Tunnel, "nat">, { from, to, traffic }: Selector): string {
  const port = (number: number | undefined) => (number === undefined ? "" : ` port ${number}`);
  const proto = traffic ? `proto ${protocolWord(traffic.protocol)} ` : "";
  const shown = shownNetwork(nat, from);
  const source = shown === from ? idText(from) : `${idText(shown)} (${idText(from)})`;
  return `${proto}from ${source}${port(traffic?.localPort)} to ${idText(to)}${port(traffic?.remotePort)}`;
}

/** A rule for an interface takes no tag. */
function rest({ network }: StackConfig, tunnel: Tunnel, psk: string | undefined): string[] {
  return [
    `local ${addressOf(outsideAddress(network))} peer ${tunnel.peer}`,
    main(tunnel.phase1),
    quick(tunnel.phase2),
    `srcid "${tunnel.localId}" dstid "${tunnel.remoteId}"`,
    authentication("isakmpd", tunnel, psk),
    ...(tunnel.kind === "route" ? [] : [`tag "${pfTag(tunnel)}"`]),
  ];
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
