import { formatNetwork, networkOrHost } from "../../config/net";
import type { Traffic } from "../../config/schema";
import type { LiveState } from "../../parse/gwctlLive";
import type { ChildSa, IkeFlow, IkeSa } from "../../parse/ikectl";
import type { ChildUp, IkeUp } from "../../parse/ikedEvents";
import type { Flow } from "../../contract/documents/kernel";
import type { SaDetail } from "../../parse/ipsecctlVerbose";
import type { IsakmpdSa } from "../../parse/isakmpdResult";
import { PROTOCOL_NUMBERS, protocolWord } from "../../config/protocols";

/** The live state by what it is looked up by: with 500 tunnels, each list would be searched 500 times. */
export interface LiveIndex {
  readonly live: LiveState;
  /** By {@link pairKey} with what they carry, of `out` flows. */
  readonly flows: ReadonlyMap<string, Flow>;
  /** The kernel's SAs by SPI, before and after the probes. */
  readonly before: ReadonlyMap<string, SaDetail>;
  readonly after: ReadonlyMap<string, SaDetail>;
  /** By `FROM>TO` of the outer addresses. */
  readonly byEnds: ReadonlyMap<string, readonly SaDetail[]>;
  /** By the peer's address. */
  readonly ike: ReadonlyMap<string, readonly IkeSa[]>;
  readonly ikeByRef: ReadonlyMap<string, IkeSa>;
  readonly children: ReadonlyMap<string, readonly ChildSa[]>;
  /** By {@link pairKey} of what was negotiated, with the protocol: iked shows no ports. */
  readonly ikeFlows: ReadonlyMap<string, readonly IkeFlow[]>;
  /** By name, and by {@link pairKey} of what was negotiated. */
  readonly isakmpd: ReadonlyMap<string, readonly IsakmpdSa[]>;
  readonly isakmpdPairs: ReadonlyMap<string, readonly IsakmpdSa[]>;
  /** By SPI: what the log says of its beginning. */
  readonly ikeUp: ReadonlyMap<string, IkeUp>;
  readonly childUp: ReadonlyMap<string, ChildUp>;
}

export function indexLive(live: LiveState): LiveIndex {
  const { ike, events } = live;
  // Where the kernel's counters are missing, its list of SAs still is the truth.
  const details = live.before.length > 0 ? live.before : live.sas.map(withoutCounters);
  return {
    live,
    flows: new Map(
      live.flows
        .filter(({ direction }) => direction === "out")
        .map((flow) => [pairKey(flow.from, flow.to, carriedBy(flow)), flow]),
    ),
    before: bySpi(details),
    after: bySpi(live.after),
    byEnds: grouped(details, ({ from, to }) => `${from}>${to}`),
    ike: grouped(ike.sas, ({ peer }) => hostOf(peer)),
    ikeByRef: new Map(ike.sas.map((sa) => [sa.ref, sa])),
    children: grouped(ike.children, (child) => child.ike),
    ikeFlows: grouped(
      ike.flows.filter(({ direction, loaded }) => direction === "out" && loaded),
      ({ from, to, protocol }) => pairKey(from, to, { protocol }),
    ),
    isakmpd: grouped(ike.isakmpd, ({ name }) => name),
    isakmpdPairs: grouped(
      ike.isakmpd.filter(({ pair }) => pair !== undefined),
      ({ pair }) => (pair ? pairKey(pair.from, pair.to, pair) : ""),
    ),
    ikeUp: new Map(events.ike.map((up) => [up.spi, up])),
    childUp: new Map(events.children.flatMap((up) => up.spis.map((spi) => [spi, up]))),
  };
}

/** What alone is carried, in numbers; 0 and absent: everything. */
export interface Carried {
  readonly protocol?: number | undefined;
  readonly fromPort?: number | undefined;
  readonly toPort?: number | undefined;
}

/** The key of a pair of networks: a host counts as the network of just itself. */
export function pairKey(from: string, to: string, carried: Carried = {}): string {
  const { protocol = 0, fromPort = 0, toPort = 0 } = carried;
  return `${canonical(from)}>${canonical(to)} ${protocol} ${fromPort} ${toPort}`;
}

/** What a declaration carries. iked's own flows show the protocol only. */
export function carriedTraffic(traffic: Traffic | undefined): Carried {
  if (!traffic) return {};
  const { protocol, localPort, remotePort } = traffic;
  return { protocol: PROTOCOL_NUMBERS[protocol], fromPort: localPort, toPort: remotePort };
}

const NAMED = new Map(
  Object.entries(PROTOCOL_NUMBERS).map(([name, number]) => [
    protocolWord(name as Traffic["protocol"]),
    number,
  ]),
);

function carriedBy({ carries, fromPort, toPort }: Flow): Carried {
  const number = (text: string | undefined) => (text === undefined ? undefined : Number(text));
  return {
    protocol: carries === undefined ? undefined : (NAMED.get(carries) ?? Number(carries)),
    fromPort: number(fromPort),
    toPort: number(toPort),
  };
}

/** `ADDRESS/PREFIX` with the host bits cleared; as it is if it is no network. */
export function canonical(text: string): string {
  const network = networkOrHost(text);
  return network ? formatNetwork(network) : text;
}

/** The address of `ADDRESS:PORT` or `[ADDRESS]:PORT`. */
export function hostOf(end: string): string {
  return /^\[(.*)\]:\d+$/.exec(end)?.[1] ?? end.replace(/^([^:]*):\d+$/, "$1");
}

function bySpi(details: readonly SaDetail[]): Map<string, SaDetail> {
  return new Map(details.map((sa) => [sa.spi, sa]));
}

function withoutCounters(sa: LiveState["sas"][number]): SaDetail {
  return { ...sa, udpencap: false };
}

function grouped<Item>(items: readonly Item[], key: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const name = key(item);
    const group = groups.get(name);
    if (group) group.push(item);
    else groups.set(name, [item]);
  }
  return groups;
}
