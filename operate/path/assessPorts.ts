import { ikeAddress } from "../ikeAddress";
import type { Flow } from "../../parse/flows";
import type { StackOutputs } from "../../contract/stackOutputs";
import type { PathRow } from "../../contract/documents/operate";
import { type PathPeers, pathPeers } from "./peers";
import type { Evidence, Probe } from "./model";

const check = "ports";
/** Where IKE and ESP travel once a NAT was found (RFC 7296 2.23). */
const NAT_T = 4500;

/** Whether ports and the gateway's own address are what the peers expect: NAT, passthrough, an ALG. */
export function portsRow(outputs: StackOutputs, evidence: Evidence): PathRow {
  const { probes, gateway, perimeter } = evidence;
  const { publicAddress } = outputs.gateway;
  const peers = pathPeers(outputs);
  const told = typeof perimeter === "string" ? undefined : perimeter;
  const known = [...(told?.flows ?? []), ...gateway.flows].filter(
    (flow) => flow.protocol === "udp" && peers.ownsFlow(flow),
  );
  // The gateway itself sees no translation.
  const beyond = known.filter(({ outside, inside }) => outside && outside.host !== inside.host);
  const elsewhere = beyond.find(({ outside }) => outside?.host !== publicAddress);
  const wrong = rewrittenProbe(probes) ?? rewrittenIn(known);
  if (wrong !== undefined) return wrong;
  if (elsewhere) {
    return {
      check,
      result: "wrong",
      seen: `${elsewhere.peer.host} sees ${elsewhere.outside?.host ?? ""}, not network.publicAddress ${publicAddress}`,
      fix: `translate what ${ikeAddress(outputs.gateway)} sends to ${publicAddress}, or correct network.publicAddress`,
    };
  }
  return rewrittenOut(beyond) ?? keptRow(beyond, publicAddress) ?? natTRow(evidence, peers);
}

function rewrittenProbe(probes: readonly Probe[]): PathRow | undefined {
  const probe = probes.find(
    ({ from, source, arrived }) => from === "outside" && arrived && arrived.port !== source.port,
  );
  if (probe?.arrived === undefined) return undefined;
  const seen = `sent from port ${probe.source.port}, arrived from port ${probe.arrived.port}`;
  return { check, result: "wrong", seen, fix: `${PASSTHROUGH}${KEEP}` };
}

function rewrittenIn(known: readonly Flow[]): PathRow | undefined {
  const flow = known.find(
    ({ by, peer, shown }) => by === "peer" && peer.port && shown.port && peer.port !== shown.port,
  );
  if (flow === undefined) return undefined;
  const { peer, shown } = flow;
  const seen = `port ${String(peer.port)} of ${peer.host} reaches the gateway as port ${String(shown.port)}`;
  return { check, result: "wrong", seen, fix: endFlow(peer.host) };
}

function rewrittenOut(beyond: readonly Flow[]): PathRow | undefined {
  const flow = beyond.find(
    ({ by, inside, outside }) =>
      by === "gateway" &&
      (inside.port === 500 || inside.port === NAT_T) &&
      outside?.port !== inside.port,
  );
  if (flow === undefined) return undefined;
  const { inside, outside, peer } = flow;
  const seen = `port ${String(inside.port)} leaves as port ${String(outside?.port)} to ${peer.host}`;
  return { check, result: "wrong", seen, fix: `${endFlow(peer.host)}${KEEP}` };
}

function keptRow(beyond: readonly Flow[], publicAddress: string): PathRow | undefined {
  if (beyond.length === 0) return undefined;
  const who = [...new Set(beyond.map(({ peer }) => peer.host))].slice(0, 3).join(", ");
  const seen = `kept, and the address is ${publicAddress}: seen with ${who}`;
  return { check, result: "ok", seen };
}

/** What IKE itself found (NAT-D, RFC 7296 2.23): the port that ESP is sent back to. */
function natTRow({ gateway }: Evidence, peers: PathPeers): PathRow {
  const nothing = "no flow with a peer was seen on the firewall";
  const back = gateway.sas.filter(({ to, udpencapPort }) => peers.has(to) && udpencapPort);
  const moved = back.find(({ udpencapPort }) => udpencapPort !== NAT_T);
  if (moved !== undefined) {
    const seen = `${nothing}; ${moved.to} comes from port ${String(moved.udpencapPort)}: a NAT on its side, or one before the gateway, changes it`;
    return { check, result: "unseen", seen };
  }
  const kept = back.length === 0 ? "" : `; IKE's NAT traversal knows the peers by port ${NAT_T}`;
  return { check, result: "unseen", seen: `${nothing}${kept}` };
}

const PASSTHROUGH = "switch off IPsec passthrough (ALG) there";
const KEEP = ", and have the gateway's ports kept (pf: static-port)";

/** Of a flow from before the forward, or before a change of rules, nothing else is to be learnt. */
function endFlow(peer: string): string {
  return `end its flows on the firewall (conntrack -D -s ${peer} and -d ${peer}; pfctl -k ${peer}); if that comes back, ${PASSTHROUGH}`;
}
