import { addressOf } from "../../config/net";
import { remoteNetworks } from "../../config/pairs";
import { tunnelInterface } from "../../config/tunnelInterface";
import type { GatewayState } from "../../parse/gwctlState";
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
  tunnel: Pick<DeclaredTunnel, "name" | "peer" | "selectors" | "sec" | "gre">,
  remote: string,
): SecProblem[] {
  const declared = tunnelInterface(tunnel);
  if (!declared) return [];
  const { name } = declared;
  const found = interfaces.find((one) => one.name === name);
  const lacks = (what: string) => [{ what, fix: `sh /etc/netstart ${name}` }];
  if (!found) return lacks(`${name} does not exist`);
  if (!found.up) return [{ what: `${name} is down`, fix: `ifconfig ${name} up` }];
  const [far, near] = [tunnel.peer, addressOf(tunnel.selectors[0]?.local ?? "")];
  if (declared.driver === "gre" && (found.ends?.far !== far || found.ends.near !== near)) {
    return lacks(`${name} is not set up between ${near} and ${far}`);
  }
  const own = addressOf(declared.address);
  const address = found.addresses.find(({ near }) => canonical(near) === canonical(own));
  if (!address) return lacks(`${name} has not the address ${own}`);
  if (address.far !== undefined && canonical(address.far) !== canonical(declared.peerAddress)) {
    return lacks(`${name} leads to ${address.far}, declared ${declared.peerAddress}`);
  }
  // What the watchdog has taken out of a group is not missed.
  if (groups.get(tunnel.name)?.routed === false) return [];
  const routed = routes.some(
    (route) =>
      route.interface === name &&
      route.usable &&
      canonical(route.destination) === canonical(remote),
  );
  return routed ? [] : lacks(`no route to ${remote} through ${name}`);
}
