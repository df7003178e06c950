import { outsideAddress } from "../../config/arms";
import { addressOf, contains, family, parseNetwork } from "../../config/net";
import { remoteNetworks } from "../../config/pairs";
import type { StackConfig } from "../../config/schema";
import type { Route } from "../../contract/perimeter";

/** `route-10.20.0.0-16`: also the name of the resource and of the file that marks it as ours. */
export function routeName({ network }: Pick<Route, "network">): string {
  return `route-${network.replace("/", "-").replaceAll(":", "_")}`;
}

/**
 * The routes of one host through the address `via` of the gateway, its outside one unless given: with `true` the enabled tunnels' remote networks, each once and as declared;
 * with a list those of its networks that an enabled tunnel has a remote network in. A route goes with
 * the last tunnel that needs it.
 */
export function routesFor(
  config: StackConfig,
  wanted: true | readonly string[],
  via = addressOf(outsideAddress(config.network)),
): Route[] {
  const { machine, tunnels } = config;
  const remotes = tunnels.filter(({ enabled }) => enabled).flatMap(remoteNetworks);
  const networks = wanted === true ? remotes : wanted.filter((one) => leadsTo(one, remotes));
  return [...new Set(networks)]
    .filter((one) => family(one) === family(via))
    .map((one) => ({ machine: machine.name, network: one, via }));
}

/** Whether a route to the network leads to one of the remote ones. */
export function leadsTo(route: string, remotes: readonly string[]): boolean {
  const outer = parseNetwork(route);
  return remotes.some((remote) => {
    const inner = parseNetwork(remote);
    return outer !== undefined && inner !== undefined && contains(outer, inner);
  });
}
