import { isTwoArmed } from "../arms";
import { EVERYWHERE, everywhere, exceptions, leadsEverywhere, nearerNetworks } from "../exceptions";
import { contains, formatNetwork, inside, parseNetwork } from "../net";
import { fixedAddress } from "../peer";
import type { Draft, DraftTunnel } from "../draft";
import { enabledTunnels, list, parsed, side } from "./places";
import { type Finding, finding, type Rule } from "./rule";

/** Also the disabled ones: what they are for does not leave in clear either. */
function everywheres({ tunnels }: Pick<Draft, "tunnels">): DraftTunnel[] {
  return tunnels.filter(({ tunnel }) => leadsEverywhere(tunnel));
}

function declaredExceptions({ path, declared }: DraftTunnel) {
  return parsed(list(`${path}.except`, declared.except));
}

/** Where the tunnel says that it is for every address. */
function placeOf(entry: DraftTunnel): string {
  return side(entry, "remote").find(({ value }) => value === EVERYWHERE)?.path ?? entry.path;
}

export const exceptionsOfEverything: Rule = {
  code: "GW260",
  check: ({ tunnels }) =>
    tunnels.flatMap((entry) => {
      const { path, tunnel, declared } = entry;
      if (declared.except === undefined) return [];
      if (!leadsEverywhere(tunnel)) {
        const message = `has no meaning without remote ${EVERYWHERE}`;
        return [finding(`${path}.except`, message, "remove it")];
      }
      return declaredExceptions(entry)
        .filter(({ value }) => value.family === 6 || value.prefix === 0)
        .map(({ path: at, value }) =>
          value.prefix === 0
            ? finding(at, "is everything", "write the networks that stay outside the tunnel")
            : finding(at, "is IPv6, of which the tunnel takes nothing", "remove it"),
        );
    }),
};

export const exceptionsOfThisTunnel: Rule = {
  code: "GW261",
  check: (draft) => {
    const { network, admin } = draft;
    const tunnels = draft.tunnels.map(({ tunnel }) => tunnel);
    const wide = everywhere({ tunnels });
    const entry = draft.tunnels.find(({ tunnel }) => tunnel === wide);
    if (!entry || !network || !admin) return [];
    const nearer = nearerNetworks({ tunnels }, entry.tunnel);
    const declared = declaredExceptions(entry);
    const excepted = exceptions({ network, admin, tunnels });
    const within = declared.flatMap(({ path, value }) => {
      const other = nearer.find((one) => contains(one, value));
      if (!other) return [];
      const message = `lies within ${formatNetwork(other)}, which goes through another tunnel`;
      return [finding(path, message, "remove it: a nearer tunnel is an exception by itself")];
    });
    const begin = excepted
      .flatMap((text) => parseNetwork(text) ?? [])
      .flatMap((one) => {
        const other = nearer.find((near) => contains(one, near) && near.first === one.first);
        if (!other || contains(other, one)) return [];
        const place = declared.find(({ value }) => formatNetwork(value) === formatNetwork(one));
        const message = `the exception ${formatNetwork(one)} begins with the same address as ${formatNetwork(other)}, which goes through another tunnel`;
        const fix = `have networks excepted that hold the rest of ${formatNetwork(one)}, in place of it`;
        return [finding(place?.path ?? placeOf(entry), message, fix)];
      });
    return [...within, ...begin, ...probed(entry, excepted)];
  },
};

function probed({ path, tunnel: { probe } }: DraftTunnel, excepted: readonly string[]): Finding[] {
  if (!probe || !inside(probe.target, excepted)) return [];
  const message = `${probe.target} lies in an exception of the tunnel`;
  return [finding(`${path}.probe.target`, message, "write a host that is reached through it")];
}

export const onceEverywhere: Rule = {
  code: "GW262",
  check: (draft) => {
    const [first, ...others] = everywheres({ tunnels: enabledTunnels(draft) });
    return others.map((entry) =>
      finding(
        placeOf(entry),
        `${EVERYWHERE} is also at ${first ? placeOf(first) : ""}`,
        "write the networks in one of the two",
      ),
    );
  },
};

export const everythingIsToldApart: Rule = {
  code: "GW263",
  check: (draft) => {
    const [entry] = everywheres(draft);
    if (!entry) return [];
    const { path, tunnel, declared } = entry;
    const at = placeOf(entry);
    const { network } = draft;
    const narrowed =
      declared.traffic !== undefined ||
      declared.pairs?.some(({ traffic }) => traffic !== undefined);
    return [
      ...(network && isTwoArmed(network)
        ? [finding(at, `${EVERYWHERE} needs a gateway with one arm`, "write the networks")]
        : []),
      ...(narrowed === true
        ? [finding(at, `${EVERYWHERE} stands beside traffic`, "remove traffic")]
        : []),
      ...(tunnel.nat ? [finding(`${path}.nat`, `stands beside ${EVERYWHERE}`, "remove it")] : []),
      ...enabledTunnels(draft)
        .filter((one) => fixedAddress(one.tunnel.peer) === undefined)
        .map((one) =>
          finding(
            `${one.path}.peer`,
            `is ${one.tunnel.peer}, and ${at} takes what goes to an address that is not known`,
            "write the peer's address",
          ),
        ),
      ...routes(draft, at),
    ];
  },
};

/** A host that sends everything to the gateway has no way out for what the gateway sends. */
function routes({ perimeter, lan }: Draft, at: string): Finding[] {
  const wanted = [
    {
      path: "perimeter.routes",
      networks: perimeter && "routes" in perimeter ? perimeter.routes : undefined,
    },
    ...(lan?.routes ?? []).map(({ networks }, index) => ({
      path: `lan.routes[${index}].networks`,
      networks,
    })),
  ];
  return wanted
    .filter(({ networks }) => networks === true || networks?.includes(EVERYWHERE) === true)
    .map(({ path, networks }) =>
      finding(
        path,
        `${networks === true ? "is true" : `has ${EVERYWHERE}`}, and with ${at} that would be a default route`,
        "write the networks, or remove it; hosts get the gateway as their default router by hand",
      ),
    );
}

export const everythingIsWatched: Rule = {
  code: "GW264",
  check: (draft) =>
    draft.watchdog?.enabled === false
      ? everywheres(draft).map((entry) =>
          finding(
            placeOf(entry),
            `is ${EVERYWHERE}, and watchdog.enabled is false: nobody would load the exceptions again`,
            "enable the watchdog",
          ),
        )
      : [],
};
