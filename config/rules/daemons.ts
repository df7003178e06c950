import type { DraftTunnel } from "../draft";
import { familiesOf, negotiated } from "../selectors";
import { isRouted } from "../tunnelInterface";
import { enabledTunnels, type Place } from "./places";
import { type Finding, finding, type Rule } from "./rule";

export const oneProtocolForIked: Rule = {
  code: "GW073",
  check: ({ ike, tunnels }) =>
    ike?.daemon !== "iked"
      ? []
      : tunnels.flatMap(({ path, tunnel, declared }) => {
          if (isRouted(tunnel)) return [];
          const kinds = tunnel.pairs.map(({ traffic }) => traffic);
          const protocols = [...new Set(kinds.flat().flatMap((one) => one?.protocol ?? []))];
          const at = declared.pairs ? `${path}.pairs` : `${path}.traffic`;
          if (protocols.length > 1) {
            const message = `has ${protocols.join(" and ")}, of which a strict peer lets ${protocols[0]} pass only`;
            return [
              finding(at, message, "write one protocol, or remove traffic and filter with pf"),
            ];
          }
          if (protocols.length === 0 || !kinds.includes(undefined)) return [];
          const message = `has pairs for ${protocols[0]} only beside pairs for everything`;
          const fix = "write traffic for all pairs or for none: an iked policy has one protocol";
          return [finding(at, message, fix)];
        }),
};

export const interfaceIsIpv4: Rule = {
  code: "GW145",
  check: ({ ike, tunnels }) =>
    ike?.daemon !== "isakmpd"
      ? []
      : tunnels
          .filter(({ tunnel }) => tunnel.kind === "route" && familiesOf(tunnel).has(6))
          .map(({ path }) =>
            finding(
              `${path}.kind`,
              "is route, and the tunnel has IPv6 networks",
              "write kind: policy, or ike.daemon: iked",
            ),
          ),
};

function identities({ path, tunnel, declared }: DraftTunnel): Place<string>[] {
  return (["localId", "remoteId"] as const).map((key) => ({
    path: declared[key] === undefined ? path : `${path}.${key}`,
    value: tunnel[key],
  }));
}

export const identitiesInCase: Rule = {
  code: "GW146",
  check: (draft) => {
    if (draft.ike?.daemon !== "isakmpd") return [];
    const first = new Map<string, Place<string>>();
    return enabledTunnels(draft)
      .flatMap(identities)
      .flatMap((place): Finding[] => {
        const key = place.value.toLowerCase();
        const earlier = first.get(key) ?? place;
        first.set(key, earlier);
        if (earlier.value === place.value) return [];
        const message = `${place.value} differs from ${earlier.path} (${earlier.value}) in case only`;
        return [finding(place.path, message, "write both in one spelling, or another identity")];
      });
  },
};

/** An IKE message counts them in 8 bits (RFC 7296 3.13). */
const MOST_SELECTORS = 255;

/**
 * Of the 8192 bytes in which iked writes a message (IKED_MSGBUF_MAX); the rest is for identities, proposals
 * and the largest key exchange. A longer message is given up without a word.
 */
const MOST_BYTES = 6400;

export const selectorCount: Rule = {
  code: "GW147",
  check: ({ ike, tunnels }) =>
    ike?.daemon !== "iked"
      ? []
      : tunnels.flatMap(({ path, tunnel, declared }) => {
          // Of kind gre there is one, whatever the gateway's address.
          const pairs = negotiated(tunnel, undefined);
          // By address, prefix and port, as ts_insert_unique does (policy.c).
          const own = new Set(pairs.map(({ from, traffic }) => `${from} ${traffic?.localPort}`));
          const far = new Set(pairs.map(({ to, traffic }) => `${to} ${traffic?.remotePort}`));
          const found = [
            ...tooMany(declared.pairs ? `${path}.pairs` : `${path}.local`, own.size),
            ...tooMany(declared.pairs ? `${path}.pairs` : `${path}.remote`, far.size),
          ];
          return found.length > 0 ? found : tooLong(path, [...own, ...far]);
        }),
};

function tooMany(path: string, count: number): Finding[] {
  if (count <= MOST_SELECTORS) return [];
  const message = `makes ${count} selectors, and iked ends with more than ${MOST_SELECTORS}`;
  return [finding(path, message, FEWER)];
}

/** A selector is two addresses and 8 bytes more (RFC 7296 3.13.1). */
function tooLong(path: string, selectors: readonly string[]): Finding[] {
  const bytes = selectors.map((one) => (one.includes(":") ? 40 : 16)).reduce((a, b) => a + b, 0);
  if (bytes <= MOST_BYTES) return [];
  const message = `makes ${selectors.length} selectors, which are too long for one of iked's messages`;
  return [finding(path, message, FEWER)];
}

const FEWER = "write networks that hold several of them, or two tunnels";
