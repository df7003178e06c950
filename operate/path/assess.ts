import { ikeAddress } from "../ikeAddress";
import type { Flow } from "../../parse/flows";
import type { PerimeterOutput } from "../../contract/perimeter";
import type { StackOutputs } from "../../contract/stackOutputs";
import { espRow } from "./assessEsp";
import { lostForward } from "./assessForward";
import { mtuRows } from "./assessMtu";
import { portsRow } from "./assessPorts";
import { type PathPeers, pathPeers } from "./peers";
import type { PathRow } from "../../contract/documents/operate";
import type { Evidence, PerimeterEvidence, Probe } from "./model";

/** The rows of `gateway path` about the path between the peers and the gateway. Pure. */
export function assess(outputs: StackOutputs, evidence: Evidence): PathRow[] {
  const context = contextOf(outputs, evidence);
  return [
    ...(typeof evidence.perimeter === "string"
      ? [{ check: "perimeter", result: "unknown" as const, seen: evidence.perimeter }]
      : []),
    portRow(context, 500),
    portRow(context, 4500),
    sourceRow(context),
    portsRow(outputs, evidence),
    espRow(outputs, evidence),
    ...mtuRows(outputs, evidence.gateway),
  ];
}

interface Context {
  readonly outputs: StackOutputs;
  readonly perimeter: PerimeterOutput | undefined;
  readonly told: PerimeterEvidence | undefined;
  readonly probes: readonly Probe[];
  /** Why the host outside sent nothing, though it was asked to. */
  readonly mute?: string | undefined;
  /** Of both machines; only those with declared peers, or to the gateway's ports. */
  readonly flows: readonly Flow[];
  readonly peers: PathPeers;
  /** Those with a flow, or an SA. */
  readonly heard: ReadonlySet<string>;
}

function contextOf(
  outputs: StackOutputs,
  { gateway, perimeter, probes, silent }: Evidence,
): Context {
  const told = typeof perimeter === "string" ? undefined : perimeter;
  const all = [...(told?.flows ?? []), ...gateway.flows];
  const flows = all.filter(({ protocol }) => protocol === "udp");
  return {
    outputs,
    perimeter: outputs.perimeter,
    told,
    probes,
    mute: silent.find((reason) => reason.startsWith("outside: ")),
    flows,
    peers: pathPeers(outputs),
    heard: new Set([...flows.map(({ peer }) => peer.host), ...gateway.sas.map(({ from }) => from)]),
  };
}

const ASK_OUTSIDE = "gateway path --from USER@HOST shows it";

/** Whether what is sent to the port arrives at the gateway. */
function portRow(context: Context, port: 500 | 4500): PathRow {
  const { outputs, perimeter, told, probes, mute, flows, peers } = context;
  const check = `udp-${port}`;
  const forward = perimeter?.forwards.find(({ name }) => name === check);
  const lost = lostForward(check, told);
  if (lost !== undefined) return lost;
  const own = probes.filter((probe) => probe.port === port);
  const outside = own.find(({ from }) => from === "outside");
  if (outside?.arrived) {
    return { check, result: "ok", seen: `a datagram of ${outside.source.host} arrived` };
  }
  const near = own.find(({ from }) => from === "perimeter");
  if (near && !near.arrived) {
    const seen = `what the firewall itself sends to ${ikeAddress(outputs.gateway)} does not arrive`;
    return { check, result: "wrong", seen, fix: "see the network between the two" };
  }
  if (outside) return lostOutside(check, outside, forward?.sources);
  if (mute !== undefined) return { check, result: "unknown", seen: mute };
  // A state on the gateway may be older than what the firewall does now: where that tells, it counts.
  const came = (told?.flows ?? flows).find(
    (flow) => flow.by === "peer" && flow.inside.port === port && peers.ownsFlow(flow),
  );
  if (came) return { check, result: "ok", seen: `${came.peer.host} came in by itself` };
  if (told !== undefined && forward !== undefined) {
    const heard = near ? ", the firewall reaches the gateway" : "";
    return {
      check,
      result: "unseen",
      seen: `forwarded as declared${heard}; no peer came by itself just now: ${ASK_OUTSIDE}`,
    };
  }
  return undrivenRow(context, check);
}

function lostOutside(
  check: string,
  { source, port }: Probe,
  sources: readonly string[] = [],
): PathRow {
  const mayCome = sources.includes("any") || sources.includes(source.host);
  const seen = `a datagram of ${source.host} to port ${port} did not arrive`;
  return mayCome
    ? { check, result: "wrong", seen, fix: "see what is before the firewall, and its own rules" }
    : {
        check,
        result: "unknown",
        seen: `${seen}, and that host is not among the forward's sources`,
      };
}

/** Nobody to ask between the gateway and the world: what its peers have agreed on is all there is. */
function undrivenRow({ told, perimeter, heard, peers }: Context, check: string): PathRow {
  const why =
    told === undefined && perimeter?.ssh !== undefined
      ? "the firewall could not be asked"
      : "no firewall that the stack drives";
  const strangers = [...peers.fixed].filter((peer) => !heard.has(peer));
  if (strangers.length === 0 && peers.fixed.size > 0) {
    const seen = `${why}; every peer is heard, but none came by itself just now: ${ASK_OUTSIDE}`;
    return { check, result: "unseen", seen };
  }
  const seen =
    peers.fixed.size === 0
      ? `${why}, and no peer has a fixed address to search for: ${ASK_OUTSIDE}`
      : `${why}, and ${strangers.slice(0, 3).join(", ")} is not heard: ${ASK_OUTSIDE}`;
  return { check, result: "unknown", seen };
}

/** Whether the gateway sees the peers' own addresses. */
function sourceRow({ outputs, probes, flows, peers }: Context): PathRow {
  const check = "source";
  const moved = probes.find(
    ({ from, source, arrived }) => from === "outside" && arrived && arrived.host !== source.host,
  );
  const hidden = flows.find(({ by, peer, shown }) => by === "peer" && shown.host !== peer.host);
  if (moved?.arrived ?? hidden) {
    const [was, now] = moved?.arrived
      ? [moved.source.host, moved.arrived.host]
      : [hidden?.peer.host ?? "", hidden?.shown.host ?? ""];
    return {
      check,
      result: "wrong",
      seen: `${was} reaches the gateway as ${now}`,
      fix: `translate no source of packets to ${ikeAddress(outputs.gateway)}: no masquerade, SNAT or nat-to towards the inside`,
    };
  }
  const kept =
    probes.find(({ from, arrived }) => from === "outside" && arrived)?.source.host ??
    flows.find((flow) => flow.by === "peer" && peers.ownsFlow(flow))?.peer.host;
  return kept === undefined
    ? { check, result: "unseen", seen: `no packet of a peer arrived just now: ${ASK_OUTSIDE}` }
    : { check, result: "ok", seen: `${kept} reaches the gateway as itself` };
}
