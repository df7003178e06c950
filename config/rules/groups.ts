import { addressOf } from "../net";
import { networkPairs } from "../pairs";
import { betweenEnds } from "../probeSource";
import type { Draft, DraftTunnel } from "../draft";
import type { Group } from "../schema";
import { tunnelInterface } from "../tunnelInterface";
import { repeats } from "./places";
import { finding, type Rule } from "./rule";

interface Member extends DraftTunnel {
  readonly group: Group;
}

/** Also the disabled ones: they take their place when they are enabled. */
function members({ tunnels }: Pick<Draft, "tunnels">): Member[] {
  return tunnels.flatMap((entry) =>
    entry.tunnel.group ? [{ ...entry, group: entry.tunnel.group }] : [],
  );
}

/** Each group, its members in the order declared. */
function groups(draft: Draft): [Member, ...Member[]][] {
  const found = new Map<string, [Member, ...Member[]]>();
  for (const member of members(draft)) {
    const earlier = found.get(member.group.name);
    if (earlier) earlier.push(member);
    else found.set(member.group.name, [member]);
  }
  return [...found.values()];
}

export const groupIsRouted: Rule = {
  code: "GW250",
  check: (draft) =>
    members(draft)
      .filter(({ tunnel }) => tunnel.kind === "policy")
      .map(({ path }) =>
        finding(
          `${path}.group`,
          "has no meaning with kind policy",
          "write kind: route and sec, or kind: gre and gre, as the peer does too, or remove the group",
        ),
      ),
};

export const groupOfSeveral: Rule = {
  code: "GW251",
  wantsAllTunnels: true,
  check: (draft) =>
    groups(draft)
      .filter(({ length }) => length === 1)
      .map(([{ path, group }]) =>
        finding(
          `${path}.group`,
          `no other tunnel is of the group ${group.name}`,
          "write the same group.name in another one, or remove the group",
        ),
      ),
};

export const prioritiesDiffer: Rule = {
  code: "GW252",
  check: (draft) =>
    repeats(members(draft), ({ group }) => `${group.name} ${group.priority}`).map(
      ([earlier, { path, group }]) =>
        finding(
          `${path}.group.priority`,
          `${group.priority} is also that of ${earlier.path}`,
          "write another number from 1 to 8",
        ),
    ),
};

export const groupHasSameNetworks: Rule = {
  code: "GW253",
  check: (draft) =>
    groups(draft).flatMap(([first, ...others]) =>
      others
        .filter((other) => carried(other) !== carried(first))
        .map(({ path, group }) =>
          finding(
            `${path}.group`,
            `the networks or traffic are not those of ${first.path}, which is of ${group.name} too`,
            "write the same local, remote, pairs and traffic in all tunnels of the group",
          ),
        ),
    ),
};

/** What the tunnel carries, in one form whatever the order it was written in. */
function carried({ tunnel }: DraftTunnel): string {
  const kinds = tunnel.pairs.flatMap(({ local, remote, traffic = [] }) =>
    traffic.map((one) =>
      JSON.stringify([local, remote, one.protocol, one.localPort, one.remotePort]),
    ),
  );
  const pairs = networkPairs(tunnel).map(({ local, remote }) => `${local} ${remote}`);
  return [...pairs, ...kinds].sort().join("\n");
}

export const groupIsProven: Rule = {
  code: "GW254",
  check: (draft) =>
    members(draft).flatMap(({ path, tunnel }) => {
      const { probe } = tunnel;
      const own = tunnelInterface(tunnel);
      if (!own || betweenEnds(tunnel)) return [];
      const ends = `{source: ${addressOf(own.address)}, target: ${own.peerAddress}}`;
      const what = probe
        ? `${probe.source} to ${probe.target} is not between the ends of ${own.name}`
        : "is missing, and the tunnel is of a group";
      return [finding(`${path}.probe`, what, `write probe: ${ends}`)];
    }),
};

export const groupIsWatched: Rule = {
  code: "GW255",
  check: (draft) => {
    const none = draft.watchdog?.enabled === false;
    return members(draft)
      .filter(({ tunnel }) => none || !tunnel.watchdog)
      .map(({ path }) =>
        finding(
          `${path}.group`,
          `nothing moves its routes, as ${none ? "watchdog.enabled" : "its watchdog"} is false`,
          `write ${none ? "watchdog: {enabled: true}" : "watchdog: true"}, or remove the group`,
        ),
      );
  },
};
