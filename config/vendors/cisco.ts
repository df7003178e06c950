import { isIpv6, type MirroredPair, netmask, networkAddress, wildcard } from "./peer";

/** A name for the device's objects, by the tunnel's: `VPN-WEST`. */
export function objectName(tunnel: string): string {
  return `VPN-${tunnel.toUpperCase()}`;
}

type Notation = "wildcard" | "netmask";

/** What an access list calls the pair: `tcp 10.0.0.0 0.0.0.255 eq 443 …`; IOS wants wildcards. */
export function aclEntry(pair: MirroredPair, notation: Notation): string {
  const { own, far, protocol = "ip", ownPort, farPort } = pair;
  const port = (number: number | undefined) => (number === undefined ? "" : ` eq ${number}`);
  return `permit ${protocol} ${aclNetwork(own, notation)}${port(ownPort)} ${aclNetwork(far, notation)}${port(farPort)}`;
}

function aclNetwork(network: string, notation: Notation): string {
  if (isIpv6(network)) return network;
  const address = networkAddress(network);
  if (network.endsWith("/32")) return `host ${address}`;
  if (network.endsWith("/0")) return "any";
  return `${address} ${notation === "wildcard" ? wildcard(network) : netmask(network)}`;
}
