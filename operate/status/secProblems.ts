import { addressOf } from "../../config/net";
import type { GatewayState } from "../../parse/gwctlState";
import { secName } from "../../render/hostnameIf";
import type { DeclaredTunnel } from "../../contract/tunnel";
import { canonical } from "./liveIndex";

/** What a route-based tunnel lacks on the gateway to carry packets to one of its networks, in words. */
export function secProblems(
  { interfaces, routes }: GatewayState["sec"],
  { sec }: DeclaredTunnel,
  remote: string,
): string[] {
  if (!sec) return [];
  const name = secName(sec);
  const found = interfaces.find((one) => one.name === name);
  const fix = `: sh /etc/netstart ${name}`;
  if (!found) return [`${name} does not exist${fix}`];
  if (!found.up) return [`${name} is down: ifconfig ${name} up`];
  const own = addressOf(sec.address);
  const address = found.addresses.find(({ near }) => canonical(near) === canonical(own));
  if (!address) return [`${name} has not the address ${own}${fix}`];
  if (address.far !== undefined && canonical(address.far) !== canonical(sec.peerAddress)) {
    return [`${name} leads to ${address.far}, declared ${sec.peerAddress}${fix}`];
  }
  const routed = routes.some(
    (route) =>
      route.interface === name &&
      route.usable &&
      canonical(route.destination) === canonical(remote),
  );
  return routed ? [] : [`no route to ${remote} through ${name}${fix}`];
}
