import { type Arm, armsOf } from "../arms";
import { ifKnown } from "../known";
import { fixedAddress } from "../peer";
import { formatNetwork, type Network, parseNetwork } from "../net";
import type { Draft, DraftTunnel } from "../draft";
import type { NetworkConfig, Pair } from "../schema";

/** A value of the configuration and where it stands. */
export interface Place<T> {
  readonly path: string;
  readonly value: T;
}

export function list(path: string, values: readonly string[] = []): Place<string>[] {
  return values.map((value, index) => ({ path: `${path}[${index}]`, value }));
}

/** The networks of one side of a tunnel, as written and as far as they are known. */
export function side({ path, declared }: DraftTunnel, which: "local" | "remote"): Place<string>[] {
  const pairs = ifKnown(() => declared.pairs, undefined) ?? [];
  return [
    ...list(
      `${path}.${which}`,
      ifKnown(() => declared[which], undefined),
    ),
    ...pairs.map((pair, index) => ({
      path: `${path}.pairs[${index}].${which}`,
      value: pair[which],
    })),
  ];
}

/** The networks that a tunnel shows as others, as far as they are known. */
export function mappings({ path, tunnel }: DraftTunnel): Record<"local" | "as", Place<string>>[] {
  const networks = ifKnown(() => tunnel.nat?.networks, undefined);
  return (networks ?? []).map(({ local, as }, index) => {
    const at = `${path}.nat.networks[${index}]`;
    return {
      local: { path: `${at}.local`, value: local },
      as: { path: `${at}.as`, value: as },
    };
  });
}

/** Two networks of a tunnel that reach each other, and where the remote one stands. */
export interface PairPlace {
  readonly path: string;
  readonly local: Network;
  readonly remote: Network;
  readonly traffic?: Pair["traffic"];
}

/** Of each tunnel; what GW010 refuses is left out. */
export function pairPlaces(entry: DraftTunnel): PairPlace[] {
  const { path, declared, tunnel } = entry;
  return tunnel.pairs.flatMap(({ local, remote, traffic }, index) => {
    const place =
      declared.pairs === undefined
        ? `${path}.remote[${declared.remote?.indexOf(remote) ?? 0}]`
        : `${path}.pairs[${index}].remote`;
    const [one, other] = [local, remote].map((value) => parsed([{ path: place, value }])[0]?.value);
    return one && other ? [{ path: place, local: one, remote: other, traffic }] : [];
  });
}

/** Each pair of networks of a tunnel once: a network that is twice in a list is GW033's. */
export function pairsOnce(entry: DraftTunnel): PairPlace[] {
  const places = pairPlaces(entry);
  if (entry.declared.pairs !== undefined) return places;
  return [...new Map(places.map((place) => [pairText(place), place])).values()];
}

/** `10.10.0.0/24 to 10.20.1.0/24`. */
export function pairText({ local, remote }: Pick<PairPlace, "local" | "remote">): string {
  return `${formatNetwork(local)} to ${formatNetwork(remote)}`;
}

/** Every known network of the configuration that has to be written without host bits. */
export function allNetworks(draft: Draft): Place<string>[] {
  const { admin, network, tunnels } = draft;
  return [
    ...allRoutes(draft),
    ...all("network.internet", () => network?.internet),
    ...all("admin.networks", () => admin?.networks),
    ...tunnels.flatMap((entry) => [
      ...side(entry, "local"),
      ...side(entry, "remote"),
      ...all(`${entry.path}.except`, () => entry.declared.except),
      ...mappings(entry).flatMap(({ local, as }) => [local, as]),
    ]),
  ];
}

/** The networks that static routes are wanted for by name. */
export function allRoutes({ perimeter, lan }: Draft): Place<string>[] {
  return [
    ...all("perimeter.routes", () => {
      const routes = perimeter && "routes" in perimeter ? perimeter.routes : undefined;
      return routes === true ? [] : routes;
    }),
    ...ifKnown(() => lan?.routes ?? [], []).flatMap(({ networks }, index) =>
      list(`lan.routes[${index}].networks`, networks),
    ),
  ];
}

/** Every known address of the configuration that stands without a prefix. */
export function allAddresses({ admin, network, perimeter, tunnels }: Draft): Place<string>[] {
  const at = (path: string, of: () => string | undefined): Place<string>[] => {
    const value = ifKnown(of, undefined);
    return value === undefined ? [] : [{ path, value }];
  };
  return [
    ...all("admin.sshd.listen", () => admin?.sshd.listen),
    ...at("network.gateway", () => network?.gateway),
    ...all("network.dns", () => network?.dns),
    ...at("network.publicAddress", () => network?.publicAddress),
    ...knownArms(network).flatMap(({ path, aliases }) => list(`${path}.aliases`, aliases)),
    ...at("perimeter.outside.address", () => perimeter?.outside.address),
    ...tunnels.flatMap(({ path, tunnel }) => [
      ...at(`${path}.peer`, () => fixedAddress(tunnel.peer)),
      ...at(`${path}.nat.address`, () => tunnel.nat?.address),
      ...at(`${path}.sec.peerAddress`, () => tunnel.sec?.peerAddress),
      ...at(`${path}.gre.peerAddress`, () => tunnel.gre?.peerAddress),
      ...at(`${path}.probe.source`, () => tunnel.probe?.source),
      ...at(`${path}.probe.target`, () => tunnel.probe?.target),
    ]),
  ];
}

function all(path: string, of: () => readonly string[] | undefined): Place<string>[] {
  return list(path, ifKnown(of, undefined));
}

/** None, if one of the keys is misshapen that they are made of. */
export function knownArms(network: NetworkConfig | undefined): Arm[] {
  return network ? ifKnown(() => armsOf(network), []) : [];
}

/** The networks on the gateway's own interfaces. */
export function ownNetworks(network: NetworkConfig | undefined): Place<Network>[] {
  return knownArms(network).flatMap(({ path, address }) => {
    const value = address === undefined ? undefined : parseNetwork(address);
    return value ? [{ path: `${path}.address`, value }] : [];
  });
}

/** The networks among the places; GW010 speaks of the others. */
export function parsed(places: readonly Place<string>[]): Place<Network>[] {
  return places.flatMap(({ path, value }) => {
    const network = parseNetwork(value);
    return network && formatNetwork(network) === value ? [{ path, value: network }] : [];
  });
}

/** The tunnels that are loaded. Disabled ones may overlap: they are how a successor is prepared. */
export function enabledTunnels({ tunnels }: Draft): DraftTunnel[] {
  return tunnels.filter(({ tunnel }) => tunnel.enabled);
}

/** Every two entries once, the earlier one first. */
export function pairs<T>(entries: readonly T[]): [earlier: T, later: T][] {
  return entries.flatMap((later, index) =>
    entries.slice(0, index).map((earlier): [T, T] => [earlier, later]),
  );
}

/** For each entry that repeats the key of an earlier one: that one and itself. */
export function repeats<T>(entries: readonly T[], key: (entry: T) => string): [T, T][] {
  const first = new Map<string, T>();
  return entries.flatMap((entry): [T, T][] => {
    const earlier = first.get(key(entry));
    if (earlier !== undefined) return [[earlier, entry]];
    first.set(key(entry), entry);
    return [];
  });
}
