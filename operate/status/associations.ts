import { selectors } from "../../config/selectors";
import type { IkeSa } from "../../parse/ikectl";
import type { Flow } from "../../parse/ipsecctl";
import type { SaDetail } from "../../parse/ipsecctlVerbose";
import { type IsakmpdSa, UNNAMED } from "../../parse/isakmpdResult";
import { typedIdentity } from "../../render/tunnelHeader";
import type { DeclaredTunnel } from "../stack/outputs";
import { type LiveIndex, pairKey } from "./liveIndex";

/** What the gateway has for one pair of a tunnel's networks. */
export interface Association {
  readonly local: string;
  readonly remote: string;
  /** The kernel's rule to encrypt what goes out. */
  readonly flow?: Flow | undefined;
  readonly out?: SaDetail | undefined;
  readonly in?: SaDetail | undefined;
  /** Seconds until the daemon lets it end, where it says so. */
  readonly remaining?: number | undefined;
  readonly lifetime?: number | undefined;
}

/** What the gateway has for a tunnel. */
export interface Associations {
  readonly pairs: readonly Association[];
  /** iked's IKE SA. */
  readonly ike?: IkeSa | undefined;
  /** isakmpd's phase 1. */
  readonly phase1?: IsakmpdSa | undefined;
  /** Whether the daemon is about to make an association. */
  readonly negotiating: boolean;
}

/** Finds them by the daemon's own account, checked against the kernel. */
export function associationsOf(index: LiveIndex, tunnel: DeclaredTunnel): Associations {
  const wanted = selectors(tunnel);
  if (tunnel.ikeVersion === 1) {
    const pairs = wanted.map(({ from, to }) => isakmpdPair(index, tunnel, from, to));
    const phase1 = [...index.isakmpd]
      .filter(([name]) => isPhase1Of(name, tunnel.peer))
      .flatMap(([, sas]) => sas)
      .at(-1);
    const open = openPhase1(index.isakmpd.get(UNNAMED) ?? [], tunnel.peer);
    return { pairs, phase1, negotiating: phase1 !== undefined || open !== undefined };
  }
  const pairs = wanted.map(({ from, to }) => ikedPair(index, tunnel, from, to));
  const sas = index.ike.get(tunnel.peer) ?? [];
  const established = sas.filter(({ state }) => state === "ESTABLISHED");
  return {
    pairs,
    ike: established.filter(({ peerId }) => peerId === typedIdentity(tunnel.remoteId)).at(-1),
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

function ikedPair(index: LiveIndex, tunnel: DeclaredTunnel, from: string, to: string): Association {
  const key = pairKey(from, to);
  const refs = (index.ikeFlows.get(key) ?? []).map(({ ike }) => ike);
  const children = refs
    .flatMap((ref) => index.children.get(ref) ?? [])
    .filter(({ loaded }) => loaded)
    // The last one is taken, and one that is being replaced only if there is no other.
    .sort((a, b) => Number(b.rekeyed) - Number(a.rekeyed));
  const inKernel = (direction: "in" | "out") =>
    children
      .filter((child) => child.direction === direction)
      .map(({ spi }) => index.before.get(spi))
      .filter((sa) => sa !== undefined)
      .at(-1);
  return pair(index, tunnel, from, to, { out: inKernel("out"), in: inKernel("in") });
}

function isakmpdPair(
  index: LiveIndex,
  tunnel: DeclaredTunnel,
  from: string,
  to: string,
): Association {
  const named = index.isakmpd.get(`from-${from}-to-${to}`) ?? [];
  const candidates = named.map(({ spis, lifetime, remaining }) => {
    const sas = spis.map((spi) => index.before.get(`0x${spi}`)).filter((sa) => sa !== undefined);
    return {
      out: sas.find((sa) => sa.to === tunnel.peer),
      in: sas.find((sa) => sa.from === tunnel.peer),
      lifetime,
      remaining,
    };
  });
  const complete = candidates.filter((found) => found.out && found.in);
  return pair(index, tunnel, from, to, complete.at(-1) ?? candidates.at(-1) ?? {});
}

function pair(
  index: LiveIndex,
  tunnel: DeclaredTunnel,
  local: string,
  remote: string,
  found: Pick<Association, "out" | "in" | "lifetime" | "remaining">,
): Association {
  const flow = index.flows.get(pairKey(local, remote));
  const ours = flow?.peer === tunnel.peer ? flow : undefined;
  const { ike } = index.live;
  const daemonIsSilent = ike.sas.length === 0 && ike.isakmpd.length === 0;
  return { local, remote, flow: ours, ...(daemonIsSilent && ours ? byEnds(index, tunnel) : found) };
}

// A daemon that was killed leaves associations behind that still carry packets.
function byEnds(index: LiveIndex, { peer }: DeclaredTunnel): Pick<Association, "out" | "in"> {
  const outward = [...index.byEnds].find(([ends]) => ends.endsWith(`>${peer}`))?.[1];
  const inward = [...index.byEnds].find(([ends]) => ends.startsWith(`${peer}>`))?.[1];
  return { out: outward?.at(-1), in: inward?.at(-1) };
}
