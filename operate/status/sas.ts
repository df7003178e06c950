import type { IkeSa } from "../../parse/ikectl";
import type { SaDetail } from "../../parse/ipsecctlVerbose";
import { type IsakmpdSa, UNNAMED } from "../../parse/isakmpdResult";
import { connectionNames } from "../../render/phase2Id";
import { typedIdentity } from "../../config/identity";
import { fixedAddress } from "../../config/peer";
import { isRouted, tunnelInterface } from "../../config/tunnelInterface";
import type { Flow } from "../../contract/documents/kernel";
import type { DeclaredTunnel } from "../../contract/tunnel";
import { carriedTraffic, type LiveIndex, pairKey } from "./liveIndex";
import { type CarriedPair, carriedPairs } from "./pairs";
import { secProblems } from "./secProblems";

/** What the gateway has for one pair of a tunnel's networks. */
export interface PairSas extends CarriedPair {
  /** Whether the kernel sends what goes out into the tunnel: by a flow, or by an interface and a route. */
  readonly open: boolean;
  /** What a route-based tunnel lacks for that. */
  readonly missing: readonly string[];
  readonly out?: SaDetail | undefined;
  readonly in?: SaDetail | undefined;
  /** Seconds until the daemon lets it end, where it says so. */
  readonly remaining?: number | undefined;
  readonly lifetime?: number | undefined;
}

/** What the gateway has for a tunnel. */
export interface TunnelSas {
  readonly pairs: readonly PairSas[];
  /** iked's IKE SA. */
  readonly ike?: IkeSa | undefined;
  /** isakmpd's phase 1. */
  readonly phase1?: IsakmpdSa | undefined;
  /** Whether the daemon is about to make an SA. */
  readonly negotiating: boolean;
}

/** Finds them by the daemon's own account, checked against the kernel. */
export function sasOf(index: LiveIndex, tunnel: DeclaredTunnel): TunnelSas {
  const wanted = carriedPairs(tunnel);
  if (tunnel.ikeVersion === 1) {
    const pairs = wanted.map((one) => isakmpdPair(index, tunnel, one));
    const phase1 = [...index.isakmpd]
      .filter(([name]) => isPhase1Of(name, tunnel.peer))
      .flatMap(([, sas]) => sas)
      .at(-1);
    const open = openPhase1(index.isakmpd.get(UNNAMED) ?? [], tunnel.peer);
    return { pairs, phase1, negotiating: phase1 !== undefined || open !== undefined };
  }
  const peerId = typedIdentity(tunnel.remoteId);
  const address = fixedAddress(tunnel.peer);
  // Of a peer without an address nobody knows a negotiation before it has said its identity.
  const sas =
    address === undefined
      ? [...index.ike.values()].flat().filter((sa) => sa.peerId === peerId)
      : (index.ike.get(address) ?? []);
  const established = sas.filter((sa) => sa.state === "ESTABLISHED" && sa.peerId === peerId);
  return {
    pairs: wanted.map((one) => ikedPair(index, tunnel, established, one)),
    ike: established.at(-1),
    negotiating: sas.some(({ state }) => !["CLOSED", "CLOSING"].includes(state)),
  };
}

/** The phase 1 with the peer that isakmpd is about to make. */
function openPhase1(sas: readonly IsakmpdSa[], peer: string): IsakmpdSa | undefined {
  return sas.find(
    ({ name, phase, source, destination }) =>
      name === UNNAMED && phase === 1 && [source, destination].includes(peer),
  );
}

function isPhase1Of(name: string, peer: string): boolean {
  return name === `peer-${peer}` || name.startsWith(`peer-${peer}-local-`);
}

function ikedPair(
  index: LiveIndex,
  tunnel: DeclaredTunnel,
  established: readonly IkeSa[],
  wanted: CarriedPair,
): PairSas {
  const { protocol } = carriedTraffic(wanted.traffic);
  const refs = isRouted(tunnel)
    ? established.map(({ ref }) => ref)
    : (index.ikeFlows.get(pairKey(wanted.shown, wanted.remote, { protocol })) ?? []).map(
        ({ ike }) => ike,
      );
  const children = refs
    .flatMap((ref) => index.children.get(ref) ?? [])
    .filter(({ loaded }) => loaded)
    // The last one is taken, and one that is being replaced only if there is no other.
    .sort((a, b) => Number(b.rekeyed) - Number(a.rekeyed));
  const inKernel = (direction: "in" | "out") =>
    children
      .filter((child) => child.direction === direction)
      .map(({ spi }) => index.before.get(spi))
      .filter((sa) => sa !== undefined && isOf(tunnel, sa))
      .at(-1);
  return pairSas(index, tunnel, wanted, { out: inKernel("out"), in: inKernel("in") });
}

function isakmpdPair(index: LiveIndex, tunnel: DeclaredTunnel, wanted: CarriedPair): PairSas {
  const named = isRouted(tunnel)
    ? connectionNames(tunnel).flatMap((name) => index.isakmpd.get(name) ?? [])
    : index.isakmpdPairs.get(pairKey(wanted.shown, wanted.remote, carriedTraffic(wanted.traffic)));
  const candidates = (named ?? []).map(({ spis, lifetime, remaining }) => {
    const sas = spis
      .map((spi) => index.before.get(`0x${spi}`))
      .filter((sa) => sa !== undefined)
      .filter((sa) => isOf(tunnel, sa));
    return {
      out: sas.find((sa) => sa.to === tunnel.peer),
      in: sas.find((sa) => sa.from === tunnel.peer),
      lifetime,
      remaining,
    };
  });
  const complete = candidates.filter((found) => found.out && found.in);
  return pairSas(index, tunnel, wanted, complete.at(-1) ?? candidates.at(-1) ?? {});
}

/** Whether the SA is on the tunnel's interface, or on none. A list without counters does not say which. */
function isOf({ sec }: DeclaredTunnel, sa: SaDetail): boolean {
  return sa.interface === undefined || sa.interface === tunnelInterface({ sec })?.name;
}

function pairSas(
  index: LiveIndex,
  tunnel: DeclaredTunnel,
  wanted: CarriedPair,
  found: Pick<PairSas, "out" | "in" | "lifetime" | "remaining">,
): PairSas {
  const missing = secProblems(index.live, tunnel, wanted.remote);
  const flow = flowOf(index, tunnel, wanted);
  const led = tunnel.kind === "route" || (flow !== undefined && leadsTo(tunnel, flow));
  const open = missing.length === 0 && led;
  const { ike } = index.live;
  const daemonIsSilent = ike.sas.length === 0 && ike.isakmpd.length === 0;
  return {
    ...wanted,
    open,
    missing: missing.map(({ what, fix }) => `${what}: ${fix}`),
    ...(daemonIsSilent && open ? byEnds(index, tunnel, flow?.peer) : found),
  };
}

/** What the kernel sends into ESP: the pair's packets, or the GRE that they are in. */
function flowOf(index: LiveIndex, tunnel: DeclaredTunnel, wanted: CarriedPair): Flow | undefined {
  const [gre] = tunnel.kind === "gre" ? tunnel.selectors : [];
  return index.flows.get(
    gre
      ? pairKey(gre.local, gre.remote, carriedTraffic({ protocol: "gre" }))
      : pairKey(wanted.local, wanted.remote, carriedTraffic(wanted.traffic)),
  );
}

/** Whether it is a flow of this tunnel's: to its peer's address, or where that may be any, to its identity. */
function leadsTo({ peer, remoteId }: DeclaredTunnel, flow: Flow): boolean {
  const address = fixedAddress(peer);
  return address === undefined ? flow.dstid === typedIdentity(remoteId) : flow.peer === address;
}

// A daemon that was killed leaves SAs behind that still carry packets.
function byEnds(
  index: LiveIndex,
  tunnel: DeclaredTunnel,
  current: string | undefined,
): Pick<PairSas, "out" | "in"> {
  const peer = fixedAddress(tunnel.peer) ?? current;
  if (peer === undefined) return {};
  const last = (ends: (text: string) => boolean) =>
    [...index.byEnds]
      .find(([text]) => ends(text))?.[1]
      .filter((sa) => isOf(tunnel, sa))
      .at(-1);
  return {
    out: last((ends) => ends.endsWith(`>${peer}`)),
    in: last((ends) => ends.startsWith(`${peer}>`)),
  };
}
