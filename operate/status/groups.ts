import { remoteNetworks } from "../../config/pairs";
import type { TunnelStatus } from "../../contract/documents/status";
import type { DeclaredTunnel } from "../../contract/tunnel";
import type { GatewayState } from "../../parse/gwctlState";
import { secName } from "../../render/hostnameIf";
import { canonical } from "./liveIndex";

/** Where a tunnel stands among those to the same networks. Who carries is read from the kernel's routes. */
export function groupOf(
  { name, group, sec, pairs }: DeclaredTunnel,
  { sec: { routes }, groups }: Pick<GatewayState, "sec" | "groups">,
): TunnelStatus["group"] {
  if (!group || !sec) return undefined;
  const record = groups.get(name);
  const carries = remoteNetworks({ pairs }).every((network) => {
    const there = routes.filter(
      ({ destination, usable }) => usable && canonical(destination) === canonical(network),
    );
    const best = Math.min(...there.map(({ priority }) => priority));
    return there.some((one) => one.interface === secName(sec) && one.priority === best);
  });
  const since = record?.since;
  return {
    ...{ name: group.name, priority: group.priority, carries },
    routed: record?.routed ?? true,
    since: since === undefined ? undefined : new Date(since * 1000).toISOString(),
    reason: record?.reason,
  };
}
