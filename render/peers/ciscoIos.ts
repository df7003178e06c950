import { ciscoIos as device } from "../../config/vendors/ciscoIos";
import { aclEntry, objectName } from "./cisco";
import { iosChild, iosIke, iosStatus } from "./iosIke";
import { about, comment, mirroredPairs, type PeerInput, text } from "./peer";

/** Crypto map on the outside interface: policy-based, one access list entry per pair of networks. */
export function ciscoIos(input: PeerInput): string {
  const { tunnel, gateway } = input;
  const name = objectName(tunnel.name);
  return text(
    comment(
      "!",
      ...about(input, `${device.title}, crypto map`),
      `Replace OUTSIDE by the interface that has ${tunnel.peer}. If it has a crypto map already,`,
      "keep that map's name and give this entry a number of its own. Exempt the pairs of the access",
      "list from NAT.",
    ),
    "configure terminal",
    iosIke(input),
    `ip access-list extended ${name}`,
    mirroredPairs(input).map((pair) => ` ${aclEntry(pair, "wildcard")}`),
    "crypto map VPN 10 ipsec-isakmp",
    ` description tunnel ${tunnel.name}`,
    ` set peer ${gateway.publicAddress}`,
    iosChild(input),
    ` match address ${name}`,
    "interface OUTSIDE",
    " crypto map VPN",
    "end",
    comment("!", "", ...iosStatus(input)),
  );
}
