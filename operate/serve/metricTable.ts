import type { ChildSaStatus } from "../../contract/documents/status";
import type { Board } from "./board";
import { STATES } from "./pageState";
import type { Moment } from "./time";
import type { TunnelRecord } from "./tunnelRecord";

export interface Facts {
  readonly board: Board;
  readonly now: Moment;
  readonly stale: boolean;
}

export interface TunnelFacts extends Facts {
  readonly record: TunnelRecord;
}

export interface Series {
  readonly labels: Record<string, string>;
  readonly value: number;
}

/** One metric family. `read` gives no series for what is not known. */
export interface Metric<From> {
  readonly name: string;
  readonly help: string;
  readonly type: "gauge" | "counter";
  readonly labels: string[];
  readonly read: (facts: From) => Series[];
}

function one(value: number | undefined): Series[] {
  return value === undefined || Number.isNaN(value) ? [] : [{ labels: {}, value }];
}

function seconds(time: string | undefined): number | undefined {
  return time === undefined ? undefined : Date.parse(time) / 1000;
}

export const gatewayMetrics: Metric<Facts>[] = [
  {
    name: "ipsec_gateway_up",
    help: "1 while the gateway was asked and answered within the last three intervals; 0: every other number is too old to count.",
    type: "gauge",
    labels: [],
    read: ({ stale }) => one(stale ? 0 : 1),
  },
  {
    name: "ipsec_gateway_info",
    help: "Always 1; the labels say which gateway.",
    type: "gauge",
    labels: ["gateway", "address", "daemon"],
    read: ({ board: { gateway } }) =>
      gateway === undefined
        ? []
        : [
            {
              labels: { gateway: gateway.name, address: gateway.address, daemon: gateway.daemon },
              value: 1,
            },
          ],
  },
  {
    name: "ipsec_gateway_uptime_seconds",
    help: "Since the gateway booted.",
    type: "gauge",
    labels: [],
    read: ({ board, now }) => one(board.fresh(now)?.gateway.uptimeSeconds),
  },
  {
    name: "ipsec_gateway_daemon_starts_total",
    help: "How often the gateway's watchdog found the IKE daemon dead and started it.",
    type: "counter",
    labels: [],
    read: ({ board, now }) => {
      const status = board.fresh(now);
      return status === undefined ? [] : one(status.gateway.watchdog?.starts ?? 0);
    },
  },
  {
    name: "ipsec_gateway_problems",
    help: "Things that are wrong with the gateway as a whole; the page names them.",
    type: "gauge",
    labels: [],
    read: ({ board, now }) => one(board.fresh(now)?.problems.length),
  },
  {
    name: "ipsec_gateway_unmanaged_tunnels",
    help: "Tunnels that are live on the gateway and not declared.",
    type: "gauge",
    labels: [],
    read: ({ board, now }) =>
      one(board.fresh(now)?.tunnels.filter(({ state }) => state === "unmanaged").length),
  },
  {
    name: "ipsec_gateway_certificate_expiry_timestamp_seconds",
    help: "When the gateway's certificate (own), an authority (ca), a list of revoked certificates (crl) or what the stack has signed for a peer (peer) ends.",
    type: "gauge",
    labels: ["kind", "subject"],
    read: ({ board, now }) =>
      (board.fresh(now)?.certificates ?? []).map(({ kind, subject, ends }) => ({
        labels: { kind, subject },
        value: Date.parse(ends) / 1000,
      })),
  },
  {
    name: "ipsec_gateway_collect_age_seconds",
    help: "Since the gateway was last asked and answered; absent until it did once.",
    type: "gauge",
    labels: [],
    read: ({ board, now }) => one(board.age(now)),
  },
  {
    name: "ipsec_gateway_collect_duration_seconds",
    help: "How long the last answer took.",
    type: "gauge",
    labels: [],
    read: ({ board }) => one(board.counts.durationSeconds),
  },
  {
    name: "ipsec_gateway_collections_total",
    help: "How often the gateway was asked.",
    type: "counter",
    labels: [],
    read: ({ board }) => one(board.counts.collections),
  },
  {
    name: "ipsec_gateway_collect_errors_total",
    help: "How often the gateway was asked and gave no usable answer.",
    type: "counter",
    labels: [],
    read: ({ board }) => one(board.counts.errors),
  },
];

/** Present for every declared tunnel, also while nothing is known. */
const certain: Metric<TunnelFacts>[] = [
  {
    name: "ipsec_tunnel_state",
    help: `1 for the state that the tunnel is in, 0 for the others: ${[...STATES].sort().join(", ")}.`,
    type: "gauge",
    labels: ["tunnel", "state"],
    read: ({ record, stale }) => {
      const current = record.line(stale).state;
      return STATES.map((state) => ({ labels: { state }, value: state === current ? 1 : 0 }));
    },
  },
  {
    name: "ipsec_tunnel_proven",
    help: "1 while packets are seen to cross the tunnel both ways, else 0, also when nothing is known.",
    type: "gauge",
    labels: ["tunnel"],
    read: ({ record, stale }) => one(record.line(stale).state === "proven" ? 1 : 0),
  },
  {
    name: "ipsec_tunnel_last_proof_timestamp_seconds",
    help: "When packets were last seen to cross the tunnel both ways; 0: not since this exporter started.",
    type: "gauge",
    labels: ["tunnel"],
    read: ({ record }) => one(seconds(record.lastProof) ?? 0),
  },
  {
    name: "ipsec_tunnel_info",
    help: "Always 1; the labels say which tunnel.",
    type: "gauge",
    labels: ["tunnel", "peer", "daemon"],
    read: ({ record }) => {
      const { peer, daemon } = record.line(true);
      return [{ labels: { peer, daemon }, value: 1 }];
    },
  },
  {
    name: "ipsec_tunnel_state_changes_total",
    help: "How often the tunnel went from one state to another since this exporter started; not knowing does not count.",
    type: "counter",
    labels: ["tunnel"],
    read: ({ record }) => one(record.stateChanges),
  },
];

/** What was measured at the last look; has no series while that is too old. */
function measured(
  name: string,
  help: string,
  value: (record: TunnelRecord) => number | undefined,
  type: "gauge" | "counter" = "gauge",
): Metric<TunnelFacts> {
  return {
    ...{ name, help, type, labels: ["tunnel"] },
    read: ({ record, stale }) => (stale ? [] : one(value(record))),
  };
}

function children(record: TunnelRecord): ChildSaStatus[] {
  return (record.status?.selectors ?? []).flatMap(({ childSa }) => childSa ?? []);
}

function extreme(
  pick: (...values: number[]) => number,
  values: (number | undefined)[],
): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : pick(...known);
}

/** A count needs something that was counted. */
function carried(
  field: "bytesIn" | "bytesOut" | "packetsIn" | "packetsOut",
): (record: TunnelRecord) => number | undefined {
  return ({ status, traffic }) => (status === undefined ? undefined : traffic.total[field]);
}

export const tunnelMetrics: Metric<TunnelFacts>[] = [
  ...certain,
  measured(
    "ipsec_tunnel_probe_success",
    "1 if the last probe came back through the tunnel.",
    ({ status }) => (status?.probe === undefined ? undefined : Number(status.probe.ok)),
  ),
  measured(
    "ipsec_tunnel_probe_rtt_seconds",
    "Round trip of the last probe through the tunnel.",
    ({ status }) => (status?.probe?.rttMs === undefined ? undefined : status.probe.rttMs / 1000),
  ),
  measured(
    "ipsec_tunnel_probe_loss_ratio",
    "Part of the last probe's packets that did not come back, 0 to 1.",
    ({ status }) =>
      status?.probe?.lossPercent === undefined ? undefined : status.probe.lossPercent / 100,
  ),
  measured(
    "ipsec_tunnel_ike_sa_age_seconds",
    "Age of the IKE SA.",
    ({ status }) => status?.ikeSa?.ageSeconds,
  ),
  measured("ipsec_tunnel_child_sas", "Network pairs that have a child SA.", (record) =>
    record.status === undefined ? undefined : children(record).length,
  ),
  measured("ipsec_tunnel_child_sa_age_seconds", "Age of the tunnel's oldest child SA.", (record) =>
    extreme(
      Math.max,
      children(record).map(({ ageSeconds }) => ageSeconds),
    ),
  ),
  measured(
    "ipsec_tunnel_child_sa_expires_seconds",
    "Until the first of the tunnel's child SAs ends.",
    (record) =>
      extreme(
        Math.min,
        children(record).map(({ expiresSeconds }) => expiresSeconds),
      ),
  ),
  measured(
    "ipsec_tunnel_receive_bytes_total",
    "Bytes that came out of the tunnel, summed over rekeying.",
    carried("bytesIn"),
    "counter",
  ),
  measured(
    "ipsec_tunnel_transmit_bytes_total",
    "Bytes that went into the tunnel, summed over rekeying.",
    carried("bytesOut"),
    "counter",
  ),
  measured(
    "ipsec_tunnel_receive_packets_total",
    "Packets that came out of the tunnel, summed over rekeying.",
    carried("packetsIn"),
    "counter",
  ),
  measured(
    "ipsec_tunnel_transmit_packets_total",
    "Packets that went into the tunnel, summed over rekeying.",
    carried("packetsOut"),
    "counter",
  ),
  measured(
    "ipsec_tunnel_differences",
    "Things about the tunnel that are not as declared; the page names them.",
    ({ status }) => status?.differs.length,
  ),
  measured("ipsec_tunnel_down_by_hand", "1 while an operator keeps the tunnel down.", (record) =>
    record.status === undefined ? undefined : Number(record.status.byHand === "down"),
  ),
  measured(
    "ipsec_tunnel_carries",
    "Of tunnels to the same networks: 1 for the one that the gateway sends their packets into.",
    ({ status }) => status?.group && Number(status.group.carries),
  ),
  measured(
    "ipsec_tunnel_watchdog_resets_total",
    "How often the gateway's watchdog reset the tunnel.",
    ({ status }) => status?.watchdog?.resets,
    "counter",
  ),
  measured(
    "ipsec_tunnel_watchdog_last_reset_timestamp_seconds",
    "When the gateway's watchdog last reset the tunnel.",
    ({ status }) => seconds(status?.watchdog?.lastReset),
  ),
];
