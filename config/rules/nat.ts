import type { DraftTunnel } from "../draft";
import { shownNetwork } from "../nat";
import { type NetworksOfPair, overlappingPairs } from "../nesting";
import { family, formatNetwork, hostNetwork, type Network, overlap, parseNetwork } from "../net";
import { localNetworks, networkPairs, remoteNetworks } from "../pairs";
import { familiesOf } from "../selectors";
import { enabledTunnels, mappings, parsed, type Place, repeats, side } from "./places";
import { type Finding, finding, type Rule } from "./rule";

export const natOfOneKind: Rule = {
  code: "GW236",
  check: ({ tunnels }) =>
    tunnels.flatMap(({ path, tunnel: { nat } }) => {
      if (!nat || (nat.address === undefined) !== (nat.networks === undefined)) return [];
      const message = nat.networks
        ? "has address and networks"
        : "has neither address nor networks";
      return [finding(`${path}.nat`, message, "write one of the two")];
    }),
};

export const natOfOneNetwork: Rule = {
  code: "GW076",
  check: ({ tunnels }) =>
    tunnels.flatMap(({ path, tunnel }) => {
      if (tunnel.nat?.address === undefined) return [];
      const shown = family(tunnel.nat.address);
      const [other] = [...familiesOf(tunnel)].filter((one) => one !== shown);
      const locals = localNetworks(tunnel);
      if (locals.length === 1 && other === undefined) return [];
      return other === undefined
        ? [
            finding(
              `${path}.nat`,
              `translates ${locals.length} local networks to one address`,
              "write nat.networks, or one local network that holds all hosts",
            ),
          ]
        : [
            finding(
              `${path}.nat`,
              `is IPv${shown ?? "?"}, and the tunnel has IPv${other}`,
              "write one local network of the address's family that holds all hosts",
            ),
          ];
    }),
};

/** Everything that a tunnel shows to its peer in place of our own. */
function shownPlaces(entry: DraftTunnel): Place<Network>[] {
  const { path, tunnel } = entry;
  const host = tunnel.nat?.address === undefined ? undefined : hostNetwork(tunnel.nat.address);
  return [
    ...(host ? [{ path: `${path}.nat.address`, value: host }] : []),
    ...parsed(mappings(entry).map(({ as }) => as)),
  ];
}

/** A host by its address, as it was written. */
function text({ path, value }: Place<Network>): string {
  return path.endsWith(".address") ? value.address : formatNetwork(value);
}

export const natIsFree: Rule = {
  code: "GW077",
  check: ({ tunnels }) => {
    const remotes = tunnels.flatMap((entry) => parsed(side(entry, "remote")));
    return tunnels.flatMap(shownPlaces).flatMap((own) => {
      const taken = remotes.find(({ value }) => overlap(value, own.value));
      if (!taken) return [];
      const [where, fix] = own.path.endsWith(".address")
        ? ["lies within", "write an address on our side"]
        : ["overlaps", "write a network that nobody has"];
      return [finding(own.path, `${text(own)} ${where} ${taken.path}`, fix)];
    });
  },
};

export const natPairIsUnique: Rule = {
  code: "GW078",
  check: (draft) =>
    repeats(
      enabledTunnels(draft).flatMap(({ path, tunnel }) =>
        tunnel.nat?.address === undefined
          ? []
          : remoteNetworks(tunnel).map((to) => ({
              path: `${path}.nat.address`,
              text: `${shownNetwork(tunnel.nat, "")} to ${to}`,
            })),
      ),
      ({ text: pair }) => pair,
    ).map(([earlier, { path, text: pair }]) =>
      finding(path, `the pair ${pair} is also at ${earlier.path}`, "write another address"),
    ),
};

export const mappedIsLocal: Rule = {
  code: "GW237",
  check: ({ tunnels }) =>
    tunnels.flatMap((entry) => {
      const all = mappings(entry).map(({ local }) => local);
      const locals = localNetworks(entry.tunnel);
      return [
        ...all
          .filter(({ value }) => !locals.includes(value))
          .map(({ path, value }) =>
            finding(
              path,
              `${value} is none of the tunnel's local networks`,
              `write ${locals.join(" or ")}`,
            ),
          ),
        ...repeats(all, ({ value }) => value).map(([earlier, { path, value }]) =>
          finding(path, `${value} is also at ${earlier.path}`, "write each network once"),
        ),
      ];
    }),
};

export const mappedIsOfItsSize: Rule = {
  code: "GW238",
  check: ({ tunnels }) =>
    tunnels.flatMap(mappings).flatMap(({ local, as }) => {
      const [from, to] = [parseNetwork(local.value), parseNetwork(as.value)];
      if (!from || !to || (from.family === to.family && from.prefix === to.prefix)) return [];
      const [message, fix] =
        from.family === to.family
          ? [
              `${as.value} is not of the size of ${local.value}`,
              `write a network of /${from.prefix}`,
            ]
          : [
              `${as.value} is IPv${to.family}, and ${local.value} IPv${from.family}`,
              "write one family",
            ];
      return [finding(as.path, message, fix)];
    }),
};

export const mappedOnce: Rule = {
  code: "GW239",
  check: ({ tunnels }) => {
    const locals = tunnels.flatMap((entry) => parsed(side(entry, "local")));
    return tunnels
      .flatMap((entry) => parsed(mappings(entry).map(({ as }) => as)))
      .flatMap((own) => {
        const taken = locals.find(({ value }) => overlap(value, own.value));
        if (!taken) return [];
        const message = `${formatNetwork(own.value)} overlaps ${taken.path}`;
        return [finding(own.path, message, "write a network that nobody has")];
      });
  },
};

/** A network or address (`value`, `local`) that a peer sees in place of one of ours, and one of its own that sees it. */
interface Shown extends Place<Network>, NetworksOfPair {
  readonly isMapped: boolean;
}

function shownPairs({ path, tunnel }: DraftTunnel): Shown[] {
  const { nat } = tunnel;
  if (!nat) return [];
  return networkPairs(tunnel).flatMap(({ local, remote }): Shown[] => {
    const index = nat.networks?.findIndex((one) => one.local === local) ?? -1;
    const isMapped = index >= 0;
    const [value, far] = [parseNetwork(shownNetwork(nat, local)), parseNetwork(remote)];
    if (!value || !far || (!isMapped && nat.address === undefined)) return [];
    const at = isMapped ? `${path}.nat.networks[${index}].as` : `${path}.nat.address`;
    return [{ path: at, value, local: value, remote: far, isMapped }];
  });
}

export const shownIsUnique: Rule = {
  code: "GW240",
  check: (draft) => {
    const shown = enabledTunnels(draft)
      .flatMap(shownPairs)
      .map((one, order) => ({ ...one, order }));
    const found = overlappingPairs(shown)
      .filter(([one, other]) => one.path !== other.path && (one.isMapped || other.isMapped))
      .map(([one, other]) =>
        one.order < other.order ? { earlier: one, later: other } : { earlier: other, later: one },
      )
      .sort((a, b) => a.later.order - b.later.order || a.earlier.order - b.earlier.order)
      .map(({ earlier, later }): Finding => {
        const message = `${text(later)} overlaps ${earlier.path} (${text(earlier)}) for ${formatNetwork(later.remote)}`;
        return finding(later.path, message, "write networks that have no address in common");
      });
    return [...new Map(found.map((one) => [one.path, one])).values()];
  },
};
