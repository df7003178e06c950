import { addressOf } from "../../config/net";
import { remoteNetworks } from "../../config/pairs";
import type { GatewayState } from "../../parse/gwctlState";
import { secName } from "../../render/hostnameIf";
import type { DeclaredTunnel } from "../../contract/tunnel";
import { canonical } from "./liveIndex";

/** What a route-based tunnel lacks on the gateway, and the command there that gives it. */
export interface SecProblem {
  readonly what: string;
  readonly fix: string;
}

/** What keeps a route-based tunnel's packets to any of its networks from entering it, network by network. */
export function interfaceProblems(
  live: Pick<GatewayState, "sec" | "groups">,
  tunnel: DeclaredTunnel,
): SecProblem[] {
  return remoteNetworks(tunnel).flatMap((remote) => secProblems(live, tunnel, remote));
}

/** What keeps a route-based tunnel's packets to one of its networks from entering it. */
export function secProblems(
  { sec: { interfaces, routes }, groups }: Pick<GatewayState, "sec" | "groups">,
  { name: tunnel, sec }: Pick<DeclaredTunnel, "name" | "sec">,
  remote: string,
): SecProblem[] {
  if (!sec) return [];
  const name = secName(sec);
  const found = interfaces.find((one) => one.name === name);
  const lacks = (what: string) => [{ what, fix: `sh /etc/netstart ${name}` }];
  if (!found) return lacks(`${name} does not exist`);
  if (!found.up) return [{ what: `${name} is down`, fix: `ifconfig ${name} up` }];
  const own = addressOf(sec.address);
  const address = found.addresses.find(({ near }) => canonical(near) === canonical(own));
  if (!address) return lacks(`${name} has not the address ${own}`);
  if (address.far !== undefined && canonical(address.far) !== canonical(sec.peerAddress)) {
    return lacks(`${name} leads to ${address.far}, declared ${sec.peerAddress}`);
  }
  // What the watchdog has taken out of a group is not missed.
  if (groups.get(tunnel)?.routed === false) return [];
  const routed = routes.some(
    (route) =>
      route.interface === name &&
      route.usable &&
      canonical(route.destination) === canonical(remote),
  );
  return routed ? [] : lacks(`no route to ${remote} through ${name}`);
}
