import { addressOf, inside, overlap, parseNetwork } from "../net";
import type { Draft, DraftTunnel } from "../draft";
import type { Sec } from "../schema";
import { enabledTunnels, ownNetworks, parsed, repeats, side } from "./places";
import { type Finding, finding, type Rule } from "./rule";

export const interfaceOfKind: Rule = {
  code: "GW069",
  check: ({ tunnels }) =>
    tunnels.flatMap(({ path, tunnel: { kind, sec } }) => {
      if ((kind === "route") === (sec !== undefined)) return [];
      return kind === "route"
        ? [
            finding(
              `${path}.sec`,
              "is missing, and kind is route",
              "write sec: {unit, address, peerAddress}",
            ),
          ]
        : [finding(`${path}.sec`, "has no meaning with kind policy", "write kind: route")];
    }),
};

interface Routed extends DraftTunnel {
  readonly sec: Sec;
}

function routed({ tunnels }: Pick<Draft, "tunnels">): Routed[] {
  return tunnels.flatMap((entry) =>
    entry.tunnel.sec ? [{ ...entry, sec: entry.tunnel.sec }] : [],
  );
}

export const uniqueUnit: Rule = {
  code: "GW070",
  check: (draft) =>
    repeats(routed(draft), ({ sec }) => String(sec.unit)).map(([earlier, { path, sec }]) =>
      finding(`${path}.sec.unit`, `sec${sec.unit} is also ${earlier.path}`, "write another unit"),
    ),
};

export const insideAddresses: Rule = {
  code: "GW071",
  check: (draft) =>
    routed(draft).flatMap((entry) => [...peerOnInterface(entry), ...elsewhere(draft, entry)]),
};

function peerOnInterface({ path, sec }: Routed): Finding[] {
  if (!parseNetwork(sec.address)) return [];
  const at = `${path}.sec.peerAddress`;
  if (sec.peerAddress === addressOf(sec.address)) {
    return [finding(at, `${sec.peerAddress} is our own end`, "write the peer's")];
  }
  if (inside(sec.peerAddress, [sec.address])) return [];
  const message = `${sec.peerAddress} is not in the network of ${sec.address}`;
  return [finding(at, message, "write an address in it, such as the other one of a /30")];
}

function elsewhere({ network, tunnels }: Draft, { path, sec }: Routed): Finding[] {
  const own = parseNetwork(sec.address);
  if (!own) return [];
  const places = [
    ...ownNetworks(network),
    ...tunnels.flatMap((entry) => [
      ...parsed(side(entry, "local")),
      ...parsed(side(entry, "remote")),
      ...otherSec(entry, path),
    ]),
  ];
  const taken = places.find(({ value }) => overlap(value, own));
  if (!taken) return [];
  const message = `${sec.address} overlaps ${taken.path}`;
  return [finding(`${path}.sec.address`, message, "write one of 169.254.0.0/16 that is free")];
}

function otherSec({ path, tunnel: { sec } }: DraftTunnel, than: string) {
  const network = sec && path !== than ? parseNetwork(sec.address) : undefined;
  return network ? [{ path: `${path}.sec.address`, value: network }] : [];
}

export const routesOfFamily: Rule = {
  code: "GW088",
  check: (draft) =>
    enabledTunnels(draft).flatMap((entry) => {
      const { sec } = entry.tunnel;
      const own = sec && parseNetwork(sec.address);
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
