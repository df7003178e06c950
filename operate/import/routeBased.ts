import { addressOf } from "../../config/net";
import { STATIC_PRIORITY } from "../../config/tunnelInterface";
import type { Place } from "../../parse/bsdConf/token";
import { parseHostnameIf } from "../../parse/hostnameIf";
import type { ImportedRoute, ImportedTunnel } from "./candidate";
import { LeftOut, type Notes } from "./note";
import type { OldFiles } from "./oldFiles";

/** sec(4)'s own MTU, which a file without `mtu` leaves. */
const SEC_MTU = 1280;

/**
 * What the old gateway's hostname.secN says of a rule for that interface. The routes through it are the peer's
 * networks; which of ours use it, no file says.
 *
 * @throws LeftOut without the file, or where it lacks an address or a route
 */
export function routeOver(sec: string, rule: Place, old: OldFiles, notes: Notes): ImportedRoute {
  const path = `hostname.${sec}`;
  const file = old.find(path);
  const text = file === undefined ? undefined : old.text(file);
  if (file === undefined || text === undefined) {
    throw new LeftOut(
      `runs over ${sec}, and /etc/${path} of the old gateway was not given`,
      `put a copy of it beside the configuration, or declare the tunnel with kind: route and sec: { unit, address, peerAddress }`,
    );
  }
  const { address, routes, others, ...said } = parseHostnameIf(text);
  for (const { line, text: words } of others) {
    // A command may hold anything, a secret too.
    const what = words.startsWith("!") ? "a command" : `\`${words}\``;
    notes.leftOut({ file, line }, what, "declare what of it the new gateway needs");
  }
  const peerAddress = said.peerAddress ?? routes.flatMap(({ gateway }) => gateway ?? [])[0];
  if (address === undefined || peerAddress === undefined) {
    throw new LeftOut(
      `runs over ${sec}, and no address of ${address === undefined ? "ours" : "the peer's"} is read in ${file}`,
      "declare the tunnel with kind: route and sec: { unit, address, peerAddress }",
    );
  }
  if (routes.length === 0) {
    throw new LeftOut(
      `runs over ${sec}, and no route is read in ${file}`,
      "declare the tunnel with kind: route, and as remote what is reached through it",
    );
  }
  notes.changed(
    rule,
    `${file} does not say which of our networks use ${sec}`,
    "write them as local: pf lets these through, and no others",
  );
  return {
    sec: { unit: Number(sec.slice("sec".length)), address, peerAddress, mtu: said.mtu ?? SEC_MTU },
    remote: [...new Set(routes.map(({ network }) => network))],
    priority: Math.min(...routes.map(({ priority }) => priority ?? STATIC_PRIORITY)),
  };
}

/** What the tunnels to the same networks have besides. */
type Grouped = Pick<ImportedTunnel, "group" | "probe">;

interface Routed {
  readonly name: string;
  readonly place: Place;
  readonly route: ImportedRoute;
}

/**
 * Tunnels to the same networks are a group, by name of the tunnel: the one whose routes have the lowest priority
 * carries. Each is proven between the two ends of its interface, which its peer has to answer.
 */
export function groupsOf(routed: readonly Routed[], notes: Notes): ReadonlyMap<string, Grouped> {
  const networks = ({ route }: Routed) => [...route.remote].sort().join(" ");
  const found = new Map<string, Grouped>();
  for (const to of new Set(routed.map(networks))) {
    const [leader, ...others] = routed
      .filter((one) => networks(one) === to)
      .sort((a, b) => a.route.priority - b.route.priority);
    if (leader === undefined || others.length === 0) continue;
    for (const [index, { name, place, route }] of [leader, ...others].entries()) {
      const { address, peerAddress } = route.sec;
      found.set(name, {
        probe: { source: addressOf(address), target: peerAddress },
        group: { name: leader.name, priority: index + 1 },
      });
      notes.changed(
        place,
        `leads to the same networks as ${others.length === 1 ? "another tunnel" : "others"}: the watchdog sends by one that is proven`,
        `let the peer answer pings to ${peerAddress}`,
      );
    }
  }
  return found;
}
