import { inside } from "../../config/net";
import { betweenEnds } from "../../config/probeSource";
import { isRouted } from "../../config/tunnelInterface";
import type { LiveState } from "../../parse/gwctlLive";
import { timeOf } from "../../parse/daemonLog";
import type { StackOutputs } from "../../contract/stackOutputs";
import type { DeclaredTunnel } from "../../contract/tunnel";
import { type PairSas, type TunnelSas, sasOf } from "./sas";
import { certificateProblems, certificatesAt } from "./certificates";
import { chosenProposals } from "./chosen";
import { algorithmsDiffer, fullName, recordDiffers } from "./differences";
import { proposalUse } from "./proposalUse";
import { exceptionsMissing } from "./excepted";
import { groupOf } from "./groups";
import { hostOf, indexLive, type LiveIndex } from "./liveIndex";
import { located, namedPeer } from "./located";
import type {
  ChildSaStatus,
  GatewayStatus,
  IkeSaStatus,
  ProbeStatus,
  SelectorStatus,
  TunnelState,
  TunnelStatus,
} from "../../contract/documents/status";
import { gatewayProblems } from "./problems";
import { unmanagedTunnels } from "./unmanaged";

/** Worst first: the order in which they are shown, and in which one hides the others. */
export const STATES: readonly TunnelState[] = [
  "unknown",
  "down",
  "negotiating",
  "established",
  "unmanaged",
  "proven",
  "disabled",
];

/**
 * Compares what the gateway said with what the stack declares. Proven is only what packets have shown:
 * an answered probe that the counters of the tunnel's own SAs confirm, or without a probe
 * counters that moved both ways while the gateway was looked at.
 *
 * @param at when the gateway was asked
 */
export function assess(outputs: StackOutputs, live: LiveState, at: Date): GatewayStatus {
  const index = indexLive(live);
  const { name, address, daemon } = outputs.gateway;
  const certificates = certificatesAt(outputs, at);
  const tunnels = outputs.tunnels.map((tunnel) => located(tunnel, live));
  const declared = outputs.tunnels.map((tunnel) => assessTunnel(index, tunnel, at));
  return {
    at: at.toISOString(),
    gateway: {
      ...{ name, address, daemon, uptimeSeconds: live.uptime },
      watchdog: daemonStarts(daemon, live),
    },
    tunnels: [...declared, ...unmanagedTunnels({ ...outputs, tunnels }, live)].sort(
      (a, b) => STATES.indexOf(a.state) - STATES.indexOf(b.state) || (a.name < b.name ? -1 : 1),
    ),
    certificates,
    problems: [...gatewayProblems(outputs.gateway, live), ...certificateProblems(certificates)],
  };
}

/** Of a gateway that did not tell: nothing is known of any tunnel. */
export function unknownStatus(outputs: StackOutputs, at: Date, problem: string): GatewayStatus {
  const { name, address, daemon } = outputs.gateway;
  return {
    at: at.toISOString(),
    gateway: { name, address, daemon },
    tunnels: outputs.tunnels.map((tunnel) => ({
      name: tunnel.name,
      peer: tunnel.peer,
      daemon,
      state: "unknown",
      selectors: [],
      differs: [],
    })),
    problems: [problem],
  };
}

function assessTunnel(index: LiveIndex, tunnel: DeclaredTunnel, at: Date): TunnelStatus {
  const { live } = index;
  const { name, peer, ikeVersion } = tunnel;
  const found = sasOf(index, located(tunnel, live));
  const named = namedPeer(tunnel, live);
  const record = live.tunnels.find((known) => known.name === name);
  const probe = probeOf(tunnel, live, at);
  const selectors = found.pairs.map((pair) => assessPair(index, tunnel, found, pair, probe));
  const byHand = tunnel.enabled && record?.state === "down" ? "down" : undefined;
  const children = found.pairs.map(({ out }) => out && index.childUp.get(out.spi));
  const ikeUp = found.ike && index.ikeUp.get(found.ike.spi);
  const alive = selectors.some(({ childSa }) => childSa !== undefined);
  return {
    name,
    peer,
    peerAddress: named?.address,
    daemon: ikeVersion === 2 ? "iked" : "isakmpd",
    state: tunnelState(tunnel, selectors, byHand !== undefined),
    since: since(index, found.pairs),
    selectors,
    ikeSa: ikeSaOf(index, found),
    chosen: chosenProposals(tunnel, ikeUp, found.pairs, children),
    proposals: proposalUse(tunnel, live.proposals.get(name)),
    probe,
    group: groupOf(tunnel, live),
    byHand,
    watchdog: watchdogOf(name, live),
    differs: [
      ...recordDiffers(tunnel, live),
      ...exceptionsMissing(live, tunnel),
      ...(named?.reason === undefined ? [] : [named.reason]),
      ...(tunnel.enabled ? new Set(found.pairs.flatMap(({ missing }) => missing)) : []),
      ...(tunnel.enabled || !alive ? [] : ["declared disabled, but has live SAs"]),
      ...(unconfirmed(probe, selectors)
        ? ["the probe was answered, but not through this tunnel"]
        : []),
      ...algorithmsDiffer(tunnel, ikeUp, found.pairs, children),
    ],
  };
}

function daemonStarts(daemon: string, live: LiveState): GatewayStatus["gateway"]["watchdog"] {
  const found = live.daemonStarts.find((one) => one.daemon === daemon);
  if (!found) return undefined;
  const { starts, lastStart, reason } = found;
  return { starts, lastStart: new Date(lastStart * 1000).toISOString(), reason };
}

function watchdogOf(name: string, live: LiveState): TunnelStatus["watchdog"] {
  const watched = live.watchdog.find((one) => one.name === name);
  if (!watched) return undefined;
  const { resets, lastReset, reason } = watched;
  return {
    resets,
    lastReset: lastReset === undefined ? undefined : new Date(lastReset * 1000).toISOString(),
    reason: reason === "" ? undefined : reason,
  };
}

function tunnelState(
  tunnel: DeclaredTunnel,
  selectors: readonly SelectorStatus[],
  byHand: boolean,
): TunnelState {
  if (!tunnel.enabled) return "disabled";
  if (byHand || selectors.length === 0) return "down";
  const states = selectors.map(({ state }) => state);
  const worst = STATES.find((state) => states.includes(state)) ?? "unknown";
  // One probe per tunnel: what it proves of one pair stands for the pairs that are established.
  const proven = tunnel.probe && worst === "established" && states.includes("proven");
  return proven ? "proven" : worst;
}

function assessPair(
  index: LiveIndex,
  tunnel: DeclaredTunnel,
  { negotiating }: TunnelSas,
  pair: PairSas,
  probe: ProbeStatus | undefined,
): SelectorStatus {
  const { local, remote, traffic, open, missing } = pair;
  const childSa = pair.out && pair.in ? childSaOf(index, pair) : undefined;
  const state = !tunnel.enabled
    ? "disabled"
    : !open || childSa === undefined
      ? negotiating && missing.length === 0
        ? "negotiating"
        : "down"
      : crossed(index, tunnel, pair, probe)
        ? "proven"
        : "established";
  return { local, remote, ...(traffic && { traffic }), state, childSa };
}

function crossed(
  index: LiveIndex,
  tunnel: DeclaredTunnel,
  pair: PairSas,
  probe: ProbeStatus | undefined,
): boolean {
  const moved = countersMoved(index, pair);
  if (!tunnel.probe || !probe) return moved === true;
  if (betweenEnds(tunnel)) return probe.ok && moved !== false;
  const { source, target } = tunnel.probe;
  // Nothing is negotiated of what is routed into an interface, nor of where its packets come from.
  const fromHere = isRouted(tunnel) || inside(source, [pair.local]);
  const covers = fromHere && inside(target, [pair.remote]) && carriesPings(pair);
  return covers && probe.ok && moved !== false;
}

function carriesPings({ traffic }: PairSas): boolean {
  return traffic === undefined || traffic.protocol === "icmp" || traffic.protocol === "icmp6";
}

/** Whether packets went out and came in meanwhile; undefined if the kernel did not count. */
function countersMoved(index: LiveIndex, { out, in: inward }: PairSas): boolean | undefined {
  const sent = out && moved(index, out.spi, "packetsOut");
  const received = inward && moved(index, inward.spi, "packetsIn");
  return sent === undefined || received === undefined ? undefined : sent && received;
}

function moved(
  { before, after }: LiveIndex,
  spi: string,
  counter: "packetsIn" | "packetsOut",
): boolean | undefined {
  const [first, last] = [before.get(spi)?.[counter], after.get(spi)?.[counter]];
  return first === undefined || last === undefined ? undefined : last > first;
}

function unconfirmed(probe: ProbeStatus | undefined, selectors: readonly SelectorStatus[]) {
  return probe?.ok === true && selectors.every(({ state }) => state !== "proven");
}

function probeOf(
  { name, probe }: DeclaredTunnel,
  { probes }: LiveState,
  at: Date,
): ProbeStatus | undefined {
  const result = probe && probes.find((one) => one.name === name);
  if (!result) return undefined;
  const { sent, received, rttMs, error } = result;
  return {
    source: probe.source,
    target: probe.target,
    ok: received > 0,
    rttMs,
    lossPercent: sent === 0 ? undefined : Math.round((100 * (sent - received)) / sent),
    error,
    at: at.toISOString(),
  };
}

function childSaOf(index: LiveIndex, pair: PairSas): ChildSaStatus | undefined {
  const { out, in: inward } = pair;
  if (!out || !inward) return undefined;
  const up = index.childUp.get(out.spi);
  const last = (sa: typeof out) => index.after.get(sa.spi) ?? sa;
  const [o, i] = [last(out), last(inward)];
  const age = ageOf(index, pair);
  const lifetime = pair.lifetime ?? out.lifetime;
  const used = Math.max(o.lastUsed ?? 0, i.lastUsed ?? 0);
  const now = index.live.clock?.now;
  return {
    spiIn: inward.spi,
    spiOut: out.spi,
    encryption: fullName("encryption", out.encryption) ?? "none",
    integrity: fullName("hash", out.integrity),
    group: up?.group,
    ageSeconds: age,
    expiresSeconds:
      pair.remaining ??
      (age === undefined || lifetime === undefined ? undefined : Math.max(0, lifetime - age)),
    bytesIn: i.bytesIn,
    bytesOut: o.bytesOut,
    packetsIn: i.packetsIn,
    packetsOut: o.packetsOut,
    idleSeconds: used === 0 || now === undefined ? undefined : Math.max(0, now - used),
  };
}

/** Seconds, by the kernel's account, the daemon's, or else the log's. */
function ageOf({ live, childUp }: LiveIndex, pair: PairSas): number | undefined {
  const { clock } = live;
  const stamp = pair.out && childUp.get(pair.out.spi)?.stamp;
  const began =
    pair.out?.added ?? (stamp !== undefined && clock ? timeOf(stamp, clock) : undefined);
  if (began !== undefined && clock) return Math.max(0, clock.now - began);
  const { lifetime, remaining } = pair;
  return lifetime === undefined || remaining === undefined
    ? undefined
    : Math.max(0, lifetime - remaining);
}

function since(index: LiveIndex, pairs: readonly PairSas[]): string | undefined {
  const ages = pairs.map((pair) => ageOf(index, pair));
  const known = ages.filter((age) => age !== undefined);
  const now = index.live.clock?.now;
  return known.length === 0 || known.length < pairs.length || now === undefined
    ? undefined
    : new Date((now - Math.min(...known)) * 1000).toISOString();
}

function ikeSaOf({ live, ikeUp }: LiveIndex, found: TunnelSas): IkeSaStatus | undefined {
  const { ike, phase1, pairs } = found;
  if (ike) {
    const up = ikeUp.get(ike.spi);
    const { clock } = live;
    const began = up && clock ? timeOf(up.stamp, clock) : undefined;
    return {
      ageSeconds: began === undefined || !clock ? undefined : Math.max(0, clock.now - began),
      encryption: up?.encryption,
      integrity: up?.integrity,
      prf: up?.prf,
      group: up?.group,
      natt: ike.nat,
      peerId: ike.peerId,
      peerAddress: hostOf(ike.peer),
    };
  }
  if (!phase1) return undefined;
  const { lifetime, remaining } = phase1;
  return {
    ageSeconds:
      lifetime === undefined || remaining === undefined
        ? undefined
        : Math.max(0, lifetime - remaining),
    natt: pairs.some(({ out }) => out?.udpencap === true),
  };
}
