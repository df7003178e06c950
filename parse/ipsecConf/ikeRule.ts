import type { Cursor } from "../bsdConf/cursor";
import { type Host, host, identities, peers, port, seconds } from "../bsdConf/hosts";

/** The transforms of a phase as written: names may be cut short, absent ones are the daemon's. */
export interface Transforms {
  readonly auth?: string;
  readonly enc?: string;
  readonly group?: string;
  readonly comp?: string;
  /** Seconds. */
  readonly lifetime?: number;
}

export interface IkeRule {
  /** Default active. */
  readonly mode: "active" | "passive" | "dynamic";
  /** Default esp. */
  readonly protocol: "esp" | "ah" | "ipcomp" | "ipip";
  /** Default tunnel. */
  readonly encapsulation: "tunnel" | "transport";
  /** Name or number of the only protocol that is protected. */
  readonly proto?: string;
  /** Our networks; a list in braces gives several. Every one of them with every one of `to`. */
  readonly from: readonly Host[];
  readonly to: readonly Host[];
  /** Route-based: the interface instead of networks (sec(4)). */
  readonly interface?: string;
  readonly local?: string;
  readonly peer?: string;
  /** Default main. */
  readonly exchange: "main" | "aggressive";
  readonly phase1: Transforms;
  readonly phase2: Transforms;
  readonly srcid?: string;
  readonly dstid?: string;
  /** The pre-shared key. Absent: RSA signatures. Secret. */
  readonly psk?: string;
  readonly tag?: string;
}

/**
 * A rule after its `ike` (ipsecctl/parse.y, ikerule): either between networks, or for a sec(4)
 * interface, and then without protocol, mode and tag.
 * @throws SyntaxProblem
 */
export function ikeRule(cursor: Cursor): IkeRule {
  const mode = cursor.takeOneOf("passive", "dynamic", "active") ?? "active";
  if (cursor.take("interface")) {
    const name = cursor.string();
    if (!/^sec\d+$/.test(name)) cursor.fail("invalid sec interface name");
    return {
      ...{ mode, protocol: "esp", encapsulation: "tunnel", from: [], to: [], interface: name },
      ...negotiation(cursor),
    };
  }
  const protocol = cursor.takeOneOf("esp", "ah", "ipcomp", "ipip") ?? "esp";
  const encapsulation = cursor.takeOneOf("tunnel", "transport") ?? "tunnel";
  const proto = cursor.take("proto")
    ? (cursor.takeOneOf("esp", "ah") ?? cursor.stringOrNumber())
    : undefined;
  return {
    ...{ mode, protocol, encapsulation },
    ...(proto !== undefined && { proto }),
    ...hosts(cursor),
    ...negotiation(cursor),
    ...(cursor.take("tag") && { tag: cursor.string() }),
  };
}

function hosts(cursor: Cursor): Pick<IkeRule, "from" | "to"> {
  const first = cursor.takeOneOf("from", "to") ?? cursor.fail("from and to are missing");
  const second = first === "from" ? "to" : "from";
  const found = { [first]: hostsAndPort(cursor) };
  if (!cursor.take(second)) cursor.fail(`${second} is missing`);
  found[second] = hostsAndPort(cursor);
  const { from = [], to = [] } = found;
  return { from, to };
}

function hostsAndPort(cursor: Cursor): Host[] {
  const found = hostOrList(cursor);
  const where = port(cursor);
  return found.map((one) => ({ ...one, ...where }));
}

/** Braces may hold braces; the comma is optional. */
function hostOrList(cursor: Cursor): Host[] {
  const found: Host[] = [];
  let depth = 0;
  do {
    if (cursor.takeMark("{")) depth++;
    else {
      found.push(host(cursor, "any"));
      while (depth > 0 && cursor.takeMark("}")) depth--;
      if (depth > 0) cursor.takeMark(",");
    }
  } while (depth > 0);
  return found;
}

function negotiation(cursor: Cursor) {
  const address = (from: Cursor) => (from.take("any") ? "any" : from.string());
  const between = peers(cursor, address);
  const exchange = cursor.takeOneOf("main", "aggressive");
  const phase1 = exchange === undefined ? {} : transforms(cursor);
  const phase2 = cursor.take("quick") ? transforms(cursor) : {};
  const ids = identities(cursor);
  const psk = !cursor.take("rsa") && cursor.take("psk") ? cursor.string() : undefined;
  return {
    ...between,
    exchange: exchange ?? "main",
    ...{ phase1, phase2 },
    ...ids,
    ...(psk !== undefined && { psk }),
  } as const;
}

function transforms(cursor: Cursor): Transforms {
  const found: Partial<Record<"auth" | "enc" | "group" | "comp", string>> = {};
  for (;;) {
    const kind = cursor.takeOneOf("auth", "enc", "group", "comp");
    if (kind === undefined) break;
    if (found[kind] !== undefined) cursor.fail(`${kind} is given twice`);
    found[kind] = cursor.string();
  }
  return { ...found, ...(cursor.take("lifetime") && { lifetime: seconds(cursor) }) };
}
