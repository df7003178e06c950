import { ciscoIos as device } from "../../config/vendors/ciscoIos";
import { aclEntry, objectName } from "./cisco";
import { iosChild, iosIke, iosStatus } from "./iosIke";
import {
  about,
  comment,
  farNetworks,
  mirroredPairs,
  netmask,
  networkAddress,
  type PeerInput,
  text,
} from "./peer";

/**
 * Tunnel interface: of kind `route` with 0/0, of kind `policy` with the networks as the policy of a
 * multi-SA tunnel (IOS XE 16.12).
 */
export function ciscoIosVti(input: PeerInput): string {
  const { tunnel, gateway } = input;
  const name = objectName(tunnel.name);
  const pairs = mirroredPairs(input);
  const { sec } = tunnel;
  const mtu = sec?.mtu ?? 1400;
  return text(
    comment(
      "!",
      ...about(input, `${device.title}, tunnel interface`),
      `Replace OUTSIDE by the interface that has ${tunnel.peer}, and Tunnel10 by a free one.`,
    ),
    "configure terminal",
    iosIke(input),
    `crypto ipsec profile ${name}`,
    iosChild(input),
    ...(sec
      ? []
      : [`ip access-list extended ${name}`, pairs.map((pair) => ` ${aclEntry(pair, "wildcard")}`)]),
    "interface Tunnel10",
    ` description tunnel ${tunnel.name}`,
    sec ? ` ip address ${sec.peerAddress} ${netmask(sec.address)}` : " ip unnumbered OUTSIDE",
    ` ip mtu ${mtu}`,
    ` ip tcp adjust-mss ${mtu - 40}`,
    " tunnel source OUTSIDE",
    " tunnel mode ipsec ipv4",
    ` tunnel destination ${gateway.publicAddress}`,
    ...(sec ? [] : [` tunnel protection ipsec policy ipv4 ${name}`]),
    ` tunnel protection ipsec profile ${name}`,
    farNetworks(input).map(
      (network) => `ip route ${networkAddress(network)} ${netmask(network)} Tunnel10`,
    ),
    "end",
    comment("!", "", ...iosStatus(input), "The interface: show interface Tunnel10"),
  );
}
