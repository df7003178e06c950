import { remoteNetworks } from "../../config/pairs";
import { tunnelInterface } from "../../config/tunnelInterface";
import type { TunnelStatus } from "../../contract/documents/status";
import type { DeclaredTunnel } from "../../contract/tunnel";
import type { GatewayState } from "../../parse/gwctlState";
import { canonical } from "./liveIndex";

/** Where a tunnel stands among those to the same networks. Who carries is read from the kernel's routes. */
export function groupOf(
  tunnel: Pick<DeclaredTunnel, "name" | "group" | "sec" | "gre" | "pairs">,
  { sec: { routes }, groups }: Pick<GatewayState, "sec" | "groups">,
): TunnelStatus["group"] {
  const { name, group, pairs } = tunnel;
  const own = tunnelInterface(tunnel);
  if (!group || !own) return undefined;
  const record = groups.get(name);
  const carries = remoteNetworks({ pairs }).every((network) => {
    const there = routes.filter(
      ({ destination, usable }) => usable && canonical(destination) === canonical(network),
    );
    const best = Math.min(...there.map(({ priority }) => priority));
    return there.some((one) => one.interface === own.name && one.priority === best);
  });
  const since = record?.since;
  return {
    ...{ name: group.name, priority: group.priority, carries },
    routed: record?.routed ?? true,
    since: since === undefined ? undefined : new Date(since * 1000).toISOString(),
    reason: record?.reason,
  };
}
