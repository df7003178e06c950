import { prefixOfMask } from "../config/meantNetwork";
import { addressOf, family, formatNetwork, networkOrHost, parseAddress } from "../config/net";

/** A route that a `!route add` line of the file makes. */
export interface InterfaceRoute {
  /** ADDRESS/PREFIX. */
  readonly network: string;
  readonly gateway?: string;
  /** 1 to 63; the lowest one carries. Default: the kernel's 8 (RTP_STATIC of <net/route.h>). */
  readonly priority?: number;
}

/** What a file of a point-to-point interface says (hostname.if(5)). */
export interface PointToPoint {
  /** ADDRESS/PREFIX. */
  readonly address?: string;
  readonly peerAddress?: string;
  /** Bytes. */
  readonly mtu?: number;
  readonly routes: readonly InterfaceRoute[];
  /** Lines that say something else. */
  readonly others: readonly { readonly line: number; readonly text: string }[];
}

/** Words of ifconfig(8) that say nothing of what a packet meets. */
const HARMLESS = new Set(["up", "description", "descr", "debug", "-debug", "group"]);

/**
 * Reads a hostname.if(5) file. netstart(8) takes the word after an `inet` address for the netmask and the next one
 * for the broadcast address, which is the peer's address on a point-to-point interface; a `dest` line names it too.
 */
export function parseHostnameIf(text: string): PointToPoint {
  const lines = text.split("\n").map((line, index) => ({ line: index + 1, text: line.trim() }));
  let found: PointToPoint = { routes: [], others: [] };
  for (const { line, text: words } of lines) {
    if (words === "" || words.startsWith("#")) continue;
    found = read(words.split(/\s+/), found) ?? {
      ...found,
      others: [...found.others, { line, text: words }],
    };
  }
  return found;
}

/** What is known after a line, or undefined of one that says something else. */
function read(words: readonly string[], known: PointToPoint): PointToPoint | undefined {
  const [first = "", second = ""] = words;
  if (HARMLESS.has(first)) return known;
  if (first === "mtu" && /^\d+$/.test(second)) return { ...known, mtu: Number(second) };
  if (first === "dest" && words.length === 2) {
    const peerAddress = parseAddress(second);
    return peerAddress === undefined ? undefined : { ...known, peerAddress };
  }
  if (first === "inet" || first === "inet6") return withAddress(words, known);
  if (first.startsWith("!")) {
    const route = routeOf([first.slice(1), ...words.slice(1)].filter((word) => word !== ""));
    return route && { ...known, routes: [...known.routes, route] };
  }
  return undefined;
}

function withAddress(
  [word, text = "", mask, end, ...more]: readonly string[],
  known: PointToPoint,
): PointToPoint | undefined {
  if (known.address !== undefined || more.length > 0) return undefined;
  const own = parseAddress(addressOf(text));
  if (own === undefined || (family(own) === 6) !== (word === "inet6")) return undefined;
  const prefix = text.includes("/") ? text.slice(text.indexOf("/") + 1) : prefixText(mask);
  const address = `${own}/${prefix ?? ""}`;
  if (prefix === undefined || networkOrHost(address) === undefined) return undefined;
  if (end === undefined || end === "NONE") return { ...known, address };
  const peerAddress = parseAddress(end);
  return peerAddress === undefined ? undefined : { ...known, address, peerAddress };
}

/** `255.255.255.252`, `0xfffffffc`, or of IPv6 the prefix itself. */
function prefixText(mask: string | undefined): string | undefined {
  if (mask === undefined || /^\d{1,3}$/.test(mask)) return mask;
  const dotted = /^0x[0-9a-f]{8}$/i.test(mask)
    ? (mask.slice(2).match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16)).join(".")
    : mask;
  return prefixOfMask(dotted)?.toString();
}

/** Options of route(8) that take a word, beside those that are read. */
const WITH_WORD = new Set(["-label", "-mtu", "-ifp", "-ifa", "-expire", "-T"]);

/** `route [-nqv] add [-inet|-inet6|-net|-host] [-priority N] NETWORK [GATEWAY] [-priority N]` */
function routeOf([program = "", ...words]: readonly string[]): InterfaceRoute | undefined {
  if (program.replace(/^.*\//, "") !== "route") return undefined;
  const places: string[] = [];
  let priority: number | undefined;
  let mask: string | undefined;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (word === "-priority") priority = Number(words[++at]);
    else if (word === "-netmask" || word === "-prefixlen") mask = words[++at];
    else if (WITH_WORD.has(word)) at++;
    else if (!word.startsWith("-")) places.push(word);
  }
  const [command, destination = "", gateway] = places;
  if (command !== "add" || (priority !== undefined && !(priority >= 1 && priority <= 63))) return;
  const prefix = prefixText(mask);
  const whole = destination.includes("/") || words.includes("-host");
  // Without a prefix, route(8) goes by the classes of addresses.
  if (!whole && prefix === undefined) return undefined;
  const network = networkOrHost(whole ? destination : `${destination}/${prefix}`);
  if (!network) return undefined;
  const to = gateway === undefined ? undefined : parseAddress(gateway);
  return {
    network: formatNetwork(network),
    ...(to !== undefined && { gateway: to }),
    ...(priority !== undefined && { priority }),
  };
}
