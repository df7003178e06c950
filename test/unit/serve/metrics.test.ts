import { Board } from "../../../operate/serve/board";
import { Metrics } from "../../../operate/serve/metrics";
import { gatewayMetrics, tunnelMetrics } from "../../../operate/serve/metricTable";
import type { TunnelState } from "../../../contract/documents/status";
import { TestClock } from "./support/clock";
import { simulated } from "./support/simulation";

function metrics(): {
  clock: TestClock;
  board: Board;
  look: (state: (index: number) => TunnelState, count?: number) => void;
  series: () => Promise<Map<string, number>>;
} {
  const clock = new TestClock();
  const board = new Board(15, { declaration: undefined, explains: false });
  const tested = new Metrics(board, clock);
  return {
    ...{ clock, board },
    look: (state, count = 3) => {
      const now = clock.now();
      board.accept(simulated({ count, state, seconds: now.steady / 1000 }), now, now);
    },
    series: async () => {
      const { text } = await tested.expose();
      const lines = text.split("\n").filter((line) => line.startsWith("ipsec_"));
      return new Map(
        lines.map((line): [string, number] => {
          const [, key, value] = /^(.*) (\S+)$/.exec(line) ?? [];
          return [key ?? "", Number(value)];
        }),
      );
    },
  };
}

test("before the first answer: up is 0, and nothing is claimed", async () => {
  const series = await metrics().series();
  expect(Object.fromEntries(series)).toEqual({
    ipsec_gateway_up: 0,
    ipsec_gateway_collections_total: 0,
    ipsec_gateway_collect_errors_total: 0,
  });
});

test("every tunnel has one state, also when it is down", async () => {
  const { look, series } = metrics();
  look((index) => (["proven", "down", "established"] as const)[index] ?? "down");
  const shown = await series();
  const states = [...shown].filter(
    ([key, value]) => key.startsWith("ipsec_tunnel_state{") && value === 1,
  );
  expect(states.map(([key]) => key)).toEqual([
    'ipsec_tunnel_state{tunnel="west",state="proven"}',
    'ipsec_tunnel_state{tunnel="east",state="down"}',
    'ipsec_tunnel_state{tunnel="north",state="established"}',
  ]);
  expect([...shown.keys()].filter((key) => key.startsWith("ipsec_tunnel_state{"))).toHaveLength(21);
  expect(shown.get('ipsec_tunnel_proven{tunnel="west"}')).toBe(1);
  expect(shown.get('ipsec_tunnel_proven{tunnel="east"}')).toBe(0);
  expect(shown.get('ipsec_tunnel_last_proof_timestamp_seconds{tunnel="east"}')).toBe(0);
  expect(shown.get('ipsec_tunnel_probe_rtt_seconds{tunnel="west"}')).toBeCloseTo(0.008);
  expect(shown.get('ipsec_tunnel_probe_loss_ratio{tunnel="east"}')).toBe(1);
});

test("when the data is too old, the state is unknown and nothing measured remains", async () => {
  const { look, series, clock } = metrics();
  look(() => "proven");
  const before = await series();
  await clock.advance(46);
  const after = await series();
  expect(after.get("ipsec_gateway_up")).toBe(0);
  expect(after.get("ipsec_gateway_collect_age_seconds")).toBe(46);
  expect(after.get('ipsec_tunnel_state{tunnel="west",state="unknown"}')).toBe(1);
  expect(after.get('ipsec_tunnel_state{tunnel="west",state="proven"}')).toBe(0);
  expect(after.get('ipsec_tunnel_proven{tunnel="west"}')).toBe(0);
  const proof = 'ipsec_tunnel_last_proof_timestamp_seconds{tunnel="west"}';
  expect(after.get(proof)).toBe(before.get(proof));
  const gone = [...before.keys()].filter((key) => !after.has(key)).map((key) => key.split("{")[0]);
  expect(new Set(gone)).toEqual(
    new Set([
      ...[
        "ipsec_gateway_uptime_seconds",
        "ipsec_gateway_daemon_starts_total",
        "ipsec_gateway_problems",
        "ipsec_gateway_unmanaged_tunnels",
      ],
      ...[
        "ipsec_tunnel_probe_success",
        "ipsec_tunnel_probe_rtt_seconds",
        "ipsec_tunnel_probe_loss_ratio",
      ],
      ...[
        "ipsec_tunnel_ike_sa_age_seconds",
        "ipsec_tunnel_child_sas",
        "ipsec_tunnel_child_sa_age_seconds",
      ],
      ...[
        "ipsec_tunnel_child_sa_expires_seconds",
        "ipsec_tunnel_differences",
        "ipsec_tunnel_down_by_hand",
      ],
      ...["ipsec_tunnel_receive_bytes_total", "ipsec_tunnel_transmit_bytes_total"],
      ...["ipsec_tunnel_receive_packets_total", "ipsec_tunnel_transmit_packets_total"],
    ]),
  );
});

test("bytes never fall when SAs are made anew", async () => {
  const { look, series, clock } = metrics();
  let last = 0;
  for (let looks = 0; looks < 300; looks++) {
    look(() => "proven", 1);
    const bytes = (await series()).get('ipsec_tunnel_receive_bytes_total{tunnel="west"}') ?? -1;
    expect(bytes).toBeGreaterThanOrEqual(last);
    last = bytes;
    await clock.advance(30);
  }
});

test("what is not declared is counted and has no series of its own", async () => {
  const { look, series } = metrics();
  look((index) => (index === 1 ? "unmanaged" : "proven"));
  const shown = await series();
  expect(shown.get("ipsec_gateway_unmanaged_tunnels")).toBe(1);
  expect([...shown.keys()].filter((key) => key.includes('"east"'))).toEqual([]);
});

test("names, units and types follow Prometheus' conventions", () => {
  for (const { name, help, type } of [...gatewayMetrics, ...tunnelMetrics]) {
    expect(name).toMatch(/^ipsec_(gateway|tunnel)_[a-z_]+$/);
    expect(name.endsWith("_total")).toBe(type === "counter");
    expect(name).not.toMatch(/_(ms|milliseconds|percent|minutes)\b/);
    expect(help).toMatch(/^.{10,}\.$/);
  }
});
