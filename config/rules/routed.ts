import { addressOf, inside, overlap, parseNetwork } from "../net";
import type { Draft, DraftTunnel } from "../draft";
import { tunnelInterface, type TunnelInterface } from "../tunnelInterface";
import { enabledTunnels, ownNetworks, parsed, repeats, side } from "./places";
import { type Finding, finding, type Rule } from "./rule";

export const interfaceOfKind: Rule = {
  code: "GW069",
  check: ({ tunnels }) =>
    tunnels.flatMap(({ path, tunnel }) => [
      ...keyOfKind(path, "sec", tunnel.sec, { own: "route", kind: tunnel.kind }),
      ...keyOfKind(path, "gre", tunnel.gre, { own: "gre", kind: tunnel.kind }),
    ]),
};

function keyOfKind(
  path: string,
  key: "sec" | "gre",
  value: unknown,
  { own, kind }: Record<"own" | "kind", string>,
): Finding[] {
  if ((kind === own) === (value !== undefined)) return [];
  const at = `${path}.${key}`;
  return kind === own
    ? [finding(at, `is missing, and kind is ${own}`, `write ${key}: {unit, address, peerAddress}`)]
    : [finding(at, `has no meaning with kind ${kind}`, `write kind: ${own}`)];
}

interface Routed extends DraftTunnel {
  readonly own: TunnelInterface;
  /** Place of the interface, such as `tunnels[0].sec`. */
  readonly at: string;
}

function routed({ tunnels }: Pick<Draft, "tunnels">): Routed[] {
  return tunnels.flatMap((entry) => {
    const own = tunnelInterface(entry.tunnel);
    return own ? [{ ...entry, own, at: `${entry.path}.${own.driver}` }] : [];
  });
}

export const uniqueUnit: Rule = {
  code: "GW070",
  check: (draft) =>
    repeats(routed(draft), ({ own }) => own.name).map(([earlier, { at, own }]) =>
      finding(`${at}.unit`, `${own.name} is also ${earlier.path}`, "write another unit"),
    ),
};

export const insideAddresses: Rule = {
  code: "GW071",
  check: (draft) =>
    routed(draft).flatMap((entry) => [...peerOnInterface(entry), ...elsewhere(draft, entry)]),
};

function peerOnInterface({ at, own: { address, peerAddress } }: Routed): Finding[] {
  if (!parseNetwork(address)) return [];
  const place = `${at}.peerAddress`;
  if (peerAddress === addressOf(address)) {
    return [finding(place, `${peerAddress} is our own end`, "write the peer's")];
  }
  if (inside(peerAddress, [address])) return [];
  const message = `${peerAddress} is not in the network of ${address}`;
  return [finding(place, message, "write an address in it, such as the other one of a /30")];
}

function elsewhere({ network, tunnels }: Draft, { path, at, own: { address } }: Routed): Finding[] {
  const own = parseNetwork(address);
  if (!own) return [];
  const places = [
    ...ownNetworks(network),
    ...tunnels.flatMap((entry) => [
      ...parsed(side(entry, "local")),
      ...parsed(side(entry, "remote")),
      ...otherInterface(entry, path),
    ]),
  ];
  const taken = places.find(({ value }) => overlap(value, own));
  if (!taken) return [];
  const message = `${address} overlaps ${taken.path}`;
  return [finding(`${at}.address`, message, "write one of 169.254.0.0/16 that is free")];
}

function otherInterface({ path, tunnel }: DraftTunnel, than: string) {
  const other = tunnelInterface(tunnel);
  const network = other && path !== than ? parseNetwork(other.address) : undefined;
  return network ? [{ path: `${path}.${other?.driver}.address`, value: network }] : [];
}

export const routesOfFamily: Rule = {
  code: "GW088",
  check: (draft) =>
    enabledTunnels(draft).flatMap((entry) => {
      const { address } = tunnelInterface(entry.tunnel) ?? {};
      const own = address === undefined ? undefined : parseNetwork(address);
      if (!own) return [];
      return parsed(side(entry, "remote"))
        .filter(({ value }) => value.family !== own.family)
        .map(({ path, value }) =>
          finding(
            path,
            `is IPv${value.family}, and the interface has IPv${own.family} addresses`,
            "declare one tunnel per family",
          ),
        );
    }),
};
