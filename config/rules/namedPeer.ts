import { contains, hostNetwork } from "../net";
import { peerName } from "../peer";
import type { Draft, DraftTunnel } from "../draft";
import { enabledTunnels, parsed, side } from "./places";
import { finding, type Rule } from "./rule";

function byName(draft: Draft): DraftTunnel[] {
  return enabledTunnels(draft).filter(({ tunnel }) => peerName(tunnel.peer) !== undefined);
}

export const namesAreLookedUp: Rule = {
  code: "GW194",
  check: (draft) =>
    draft.watchdog?.enabled === false
      ? byName(draft).map(({ path, tunnel }) =>
          finding(
            `${path}.peer`,
            `is ${tunnel.peer}, and watchdog.enabled is false: nobody would look for its next address`,
            "write the peer's address, or enable the watchdog",
          ),
        )
      : [],
};

export const namesDoNotWaitForTunnels: Rule = {
  code: "GW195",
  check: (draft) => {
    const servers = draft.network?.dns ?? [];
    const remotes = draft.tunnels.flatMap((entry) => parsed(side(entry, "remote")));
    const behind = servers.filter((server) => {
      const host = hostNetwork(server);
      return host && remotes.some(({ value }) => contains(value, host));
    });
    if (servers.length === 0 || behind.length < servers.length) return [];
    return byName(draft).map(({ path, tunnel }) =>
      finding(
        `${path}.peer`,
        `is ${tunnel.peer}, and every name server of network.dns lies behind a tunnel`,
        "add one to network.dns that is reached without a tunnel",
      ),
    );
  },
};

export const namesOpenForwards: Rule = {
  code: "GW196",
  check: (draft) => {
    const { perimeter } = draft;
    const [first] = byName(draft);
    if (!perimeter || !first) return [];
    const said = perimeter.forwards.map(({ name }) => name);
    const open = (["udp-500", "udp-4500"] as const).filter((name) => !said.includes(name));
    return open.length === 0
      ? []
      : [
          finding(
            "perimeter.forwards",
            `${open.join(" and ")} are open to every address, as only the gateway knows that of ${first.tunnel.peer}, the peer of ${first.path}`,
            "nothing, or say it with sources: [any] for each, or name the networks that the peer may be in",
          ),
        ];
  },
};
