import {
  contains,
  family,
  formatNetwork,
  inside,
  overlap,
  parseAddress,
  parseNetwork,
} from "../net";
import { remoteNetworks } from "../pairs";
import { fixedAddress } from "../peer";
import { allRoutes, enabledTunnels, ownNetworks, parsed, type Place, repeats } from "./places";
import type { Draft } from "../draft";
import { finding, type Rule } from "./rule";

function sources({ perimeter }: Draft): Place<string>[] {
  return (perimeter?.forwards ?? []).flatMap((forward, index) =>
    forward.sources.map((value, at) => ({
      path: `perimeter.forwards[${index}].sources[${at}]`,
      value,
    })),
  );
}

export const forwardOnce: Rule = {
  code: "GW120",
  check: ({ perimeter }) => {
    const entries = (perimeter?.forwards ?? []).map(({ name }, index) => ({
      path: `perimeter.forwards[${index}].name`,
      name,
    }));
    return repeats(entries, ({ name }) => name).map(([earlier, { path, name }]) =>
      finding(path, `${name} is also ${earlier.path}`, "write all its sources in one entry"),
    );
  },
};

export const sourceNotation: Rule = {
  code: "GW121",
  check: (draft) =>
    sources(draft).flatMap(({ path, value }) => {
      const network = parseNetwork(value);
      const meant = network ? formatNetwork(network) : parseAddress(value);
      if (value === "any" || value === meant) return [];
      return [
        finding(
          path,
          `${value} is not an address or network`,
          `write ${meant ?? "one such as 198.51.100.0/24, or any"}`,
        ),
      ];
    }),
};

export const peersComeIn: Rule = {
  code: "GW122",
  check: (draft) =>
    (draft.perimeter?.forwards ?? []).flatMap((forward, index) =>
      enabledTunnels(draft)
        .filter(({ tunnel: { peer } }) => {
          const address = fixedAddress(peer);
          return address !== undefined && !admits(forward.sources, address);
        })
        .map(({ path, tunnel }) =>
          finding(
            `perimeter.forwards[${index}].sources`,
            `leaves out ${tunnel.peer}, the peer of ${path}`,
            "add its address, or remove the entry: the peers are the default",
          ),
        ),
    ),
};

function admits(allowed: readonly string[], peer: string): boolean {
  const networks = allowed.filter((one) => one.includes("/"));
  return allowed.includes("any") || allowed.includes(peer) || inside(peer, networks);
}

export const forwardExists: Rule = {
  code: "GW123",
  check: ({ network, perimeter }) =>
    network?.behindNat === true
      ? (perimeter?.forwards ?? []).flatMap(({ name }, index) =>
          name === "esp"
            ? [
                finding(
                  `perimeter.forwards[${index}].name`,
                  "esp is not forwarded while network.behindNat is true",
                  "remove the entry, or correct network.behindNat",
                ),
              ]
            : [],
        )
      : [],
};

export const routeLeadsSomewhere: Rule = {
  code: "GW124",
  wantsAllTunnels: true,
  check: (draft) => {
    const remotes = draft.tunnels
      .flatMap(({ tunnel }) => remoteNetworks(tunnel))
      .flatMap((value) => parseNetwork(value) ?? []);
    return parsed(allRoutes(draft))
      .filter(({ value }) => !remotes.some((remote) => contains(value, remote)))
      .map(({ path, value }) =>
        finding(
          path,
          `${formatNetwork(value)} holds no tunnel's remote network`,
          "write a network that does, or true for all",
        ),
      );
  },
};

export const routeSparesTheLan: Rule = {
  code: "GW125",
  check: (draft) => {
    const own = ownNetworks(draft.network);
    return parsed(allRoutes(draft))
      .filter(({ value }) => own.some((one) => overlap(value, one.value)))
      .map(({ path, value }) =>
        finding(
          path,
          `${formatNetwork(value)} takes in the gateway's own network`,
          "write the networks behind the tunnels only",
        ),
      );
  },
};

export const routeFamily: Rule = {
  code: "GW126",
  check: (draft) => {
    const own = draft.network && family(draft.network.address);
    return parsed(allRoutes(draft))
      .filter(({ value }) => own !== undefined && value.family !== own)
      .map(({ path, value }) =>
        finding(
          path,
          `is IPv${value.family}, and the gateway's address IPv${String(own)}`,
          "remove it, and set that route by hand",
        ),
      );
  },
};

export const uniqueHost: Rule = {
  code: "GW127",
  check: ({ lan }) => {
    const entries = (lan?.routes ?? []).map(({ name }, index) => ({
      path: `lan.routes[${index}].name`,
      name,
    }));
    return repeats(entries, ({ name }) => name).map(([earlier, { path, name }]) =>
      finding(path, `${name} is also ${earlier.path}`, "write another name"),
    );
  },
};
