import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TunnelState } from "../../../contract/documents/status";
import { FakeGateway, startSite, type TestSite } from "../../browser/support/site";
import { simulated } from "../serve/support/simulation";
import { NEEDS, PROMETHEUS } from "./support/prometheus";

const TOKEN = "prometheus-has-this-token-0123456789";
const RULES = join(__dirname, "../../../docs/monitoring/alerts.yml");

(PROMETHEUS ? describe : describe.skip)(`a real Prometheus (${NEEDS})`, () => {
  const folder = mkdtempSync(join(tmpdir(), "prometheus-"));
  const gateway = new FakeGateway(() =>
    simulated({ count: 3, state, at: new Date().toISOString() }),
  );
  let site: TestSite;
  let server: ChildProcess;
  let api: string;

  function state(index: number): TunnelState {
    return index === 1 ? "down" : "proven";
  }

  beforeAll(async () => {
    site = await startSite({ collect: gateway.collect }, { token: TOKEN });
    const port = await freePort();
    api = `http://127.0.0.1:${port}/api/v1`;
    writeFileSync(join(folder, "token"), TOKEN, { mode: 0o600 });
    writeFileSync(
      join(folder, "prometheus.yml"),
      `global: { scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s }
rule_files: [${RULES}]
scrape_configs:
  - job_name: ipsec-gateway
    authorization: { credentials_file: ${join(folder, "token")} }
    static_configs: [{ targets: ["127.0.0.1:${site.port}"] }]
`,
    );
    server = spawn(
      "prometheus",
      [
        `--config.file=${join(folder, "prometheus.yml")}`,
        `--storage.tsdb.path=${join(folder, "data")}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      { stdio: "ignore" },
    );
  });

  afterAll(async () => {
    const gone = new Promise((resolve) => server.once("close", resolve));
    server.kill();
    await gone;
    await site.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The result of a query as soon as it is what is waited for; the runner's timeout ends it. */
  async function until(query: string, wanted: Record<string, string>): Promise<void> {
    let last: unknown;
    for (let tries = 0; tries < 100; tries++) {
      last = await ask(query).catch((error: unknown) => String(error));
      if (JSON.stringify(last) === JSON.stringify(wanted)) return;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    expect(last).toEqual(wanted);
  }

  async function ask(query: string): Promise<Record<string, string>> {
    const answer = await fetch(`${api}/query?query=${encodeURIComponent(query)}`);
    const { data } = (await answer.json()) as {
      data: { result: { metric: Record<string, string>; value: [number, string] }[] };
    };
    const pairs = data.result.map(({ metric, value }): [string, string] => [
      metric.tunnel ?? metric.alertname ?? "",
      value[1],
    ]);
    return Object.fromEntries(pairs.sort());
  }

  test("scrapes every tunnel, with the token, and sees what it becomes", async () => {
    await until('up{job="ipsec-gateway"}', { "": "1" });
    await until("ipsec_tunnel_proven", { east: "0", north: "1", west: "1" });
    await until('ipsec_tunnel_state{state="down"} == 1', { east: "1" });
    await until('ALERTS{alertname="IpsecTunnelDown"}', { east: "1" });
  }, 60_000);

  test("keeps every series, as unknown, when the gateway does not answer any more", async () => {
    gateway.answer = () => {
      throw new Error("no route to host");
    };
    await until("ipsec_gateway_up", { "": "0" });
    await until("ipsec_tunnel_proven", { east: "0", north: "0", west: "0" });
    await until('ipsec_tunnel_state{state="unknown"}', { east: "1", north: "1", west: "1" });
    await until("ipsec_tunnel_probe_rtt_seconds", {});
  }, 60_000);

  test("accepts every metric as it is: types, units, help", async () => {
    const answer = await fetch(`${api}/targets/metadata?limit=1000`);
    const { data } = (await answer.json()) as {
      data: { metric: string; type: string; help: string }[];
    };
    const ours = data.filter(({ metric }) => metric.startsWith("ipsec_"));
    expect(ours.length).toBeGreaterThan(25);
    for (const { metric, type, help } of ours) {
      expect(type).toBe(metric.endsWith("_total") ? "counter" : "gauge");
      expect(help).not.toBe("");
    }
  }, 60_000);
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => {
        resolve(typeof address === "object" && address !== null ? address.port : 0);
      });
    });
  });
}
