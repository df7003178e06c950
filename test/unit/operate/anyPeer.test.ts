import type { DeclaredTunnel } from "../../../contract/tunnel";
import type { GatewayStatus } from "../../../contract/documents/status";
import { json } from "../../../operate/json";
import { flowsOf, peersIn, questionOf, rowsOf } from "../../../operate/monitor/flows";
import { LogFilter } from "../../../operate/monitor/logFilter";
import { assess as assessPath } from "../../../operate/path/assess";
import { gatewayEvidence } from "../../../operate/path/gatewayQuestion";
import { perimeterEvidence } from "../../../operate/path/perimeterQuestion";
import { assess } from "../../../operate/status/assess";
import { statusTable } from "../../../operate/status/table";
import { diagnose } from "../../../operate/why/diagnose";
import { question } from "../../../operate/why/question";
import { parseGwctlLive } from "../../../parse/gwctlLive";
import { document } from "../support/documents";
import { around, declared, deployed } from "./support/deployed";
import { type LiveTunnel, liveText } from "./support/liveText";
import { facts } from "./support/whyFacts";

const FROM = "203.0.113.77";
const at = new Date("2026-11-23T23:36:37Z");
const roaming = (name: string, site: number): DeclaredTunnel =>
  declared(name, site, { peer: "any", mode: "passive" });
const road1 = roaming("road1", 1);
const road2 = roaming("road2", 2);
const depot = declared("depot", 3);
const tunnels = [road1, road2, depot];

/** The gateway has the peer at an address that no declaration has. */
const from = (tunnel: DeclaredTunnel, more: Partial<LiveTunnel> = {}): LiveTunnel => ({
  tunnel: { ...tunnel, peer: FROM },
  ...more,
});

describe("the status of tunnels whose peers may have any address", () => {
  function status(...live: LiveTunnel[]): GatewayStatus {
    const judged = assess(
      { ...deployed, tunnels },
      parseGwctlLive(liveText({ tunnels: live })),
      at,
    );
    document("status", json<GatewayStatus>(judged));
    return judged;
  }
  const states = ({ tunnels: all }: GatewayStatus) =>
    Object.fromEntries(all.map(({ name, state }) => [name, state]));
  const NOTHING = { ike: undefined, child: [], probe: "3 0 -" };

  it("goes by the identity: two behind one address are told apart, and neither is unmanaged", () => {
    const both = status(from(road1), from(road2), { tunnel: depot });
    expect(states(both)).toEqual({ road1: "proven", road2: "proven", depot: "proven" });
    const one = status(from(road1), from(road2, NOTHING), { tunnel: depot });
    expect(states(one)).toEqual({ road1: "proven", road2: "down", depot: "proven" });
  });

  it("shows where the peer is now", () => {
    const judged = status(from(road1), from(road2, NOTHING), { tunnel: depot });
    const shown = judged.tunnels.find(({ name }) => name === "road1");
    expect(shown).toMatchObject({ peer: "any", ikeSa: { peerAddress: FROM } });
    const table = statusTable(judged, { columns: 120, colours: false });
    expect(table).toMatch(new RegExp(`proven +road1 +${FROM}`));
    expect(table).toMatch(/down +road2 +any/);
  });

  it("sees what a daemon that was killed left behind, where the flow has it", () => {
    const { tunnels: all } = assess(
      { ...deployed, tunnels: [road1] },
      parseGwctlLive(liveText({ tunnels: [from(road1)], iked: "stopped" })),
      at,
    );
    expect(all.map(({ name, state }) => [name, state])).toEqual([["road1", "proven"]]);
  });

  it("a peer with another identity at that address is a stranger", () => {
    const other = { ...road1, remoteId: "other.example.net" };
    expect(states(status(from(other))).road1).toBe("down");
  });
});

const OUTER = `peer ${FROM}:4500 local 10.10.0.2:4500`;
const spi = (n: number, message: string) => `spi=0x${String(n).padStart(16, "0")}: ${message}`;

/** iked names the last policy for any address until it knows whose peer it is. */
const met = (n: number) => [
  spi(n, `recv IKE_SA_INIT req 0 peer ${FROM}:500 local 10.10.0.2:500, 518 bytes, policy 'road2'`),
  spi(n, `send IKE_SA_INIT res 0 peer ${FROM}:500 local 10.10.0.2:500, 230 bytes`),
  spi(n, `recv IKE_AUTH req 1 ${OUTER}, 345 bytes, policy 'road2'`),
];
const refused = (n: number, id: string) => [
  ...met(n),
  ...(id === ""
    ? [spi(n, "ikev2_ike_auth_recv: no compatible policy found")]
    : [spi(n, "ikev2_auth_verify: ikev2_msg_authverify failed")]),
  spi(n, `ikev2_send_auth_failed: authentication failed for ${id}`),
  spi(n, "sa_free: authentication failed"),
];
const established = (n: number, { name, remoteId }: DeclaredTunnel) => [
  ...met(n),
  spi(n, "ikev2_childsa_enable: loaded SPIs: 0xbd5b209e, 0xcbc8e06d (enc aes-128-gcm esn)"),
  spi(
    n,
    `established peer ${FROM}:4500[FQDN/${remoteId}] local 10.10.0.2:4500[FQDN/gw] policy '${name}' as responder (enc aes-128-gcm group curve25519 prf hmac-sha2-256)`,
  ),
];

describe("why a tunnel is down whose peer may have any address", () => {
  const cause = (tunnel: DeclaredTunnel, messages: readonly string[]) =>
    diagnose(facts({ tunnel, anyPeers: [road1, road2] }, messages)).cause;

  it("a wrong key is reported for the tunnel whose identity the peer showed, and for no other", () => {
    const log = refused(1, "FQDN/road1.example.net");
    expect(cause(road1, log)).toMatchObject({ code: "psk" });
    expect(cause(road2, log)).toMatchObject({ code: "never-asked" });
  });

  it("an unknown identity is reported for both, as it may be either's peer", () => {
    for (const tunnel of [road1, road2]) {
      expect(cause(tunnel, refused(1, ""))).toMatchObject({ code: "ids" });
    }
  });

  it("another tunnel's success is not its own", () => {
    const log = [...refused(1, "FQDN/road1.example.net"), ...established(2, road2)];
    expect(cause(road1, log)).toMatchObject({ code: "psk" });
  });

  it("what follows a renewal of the IKE SA is of the peer that it was made with", () => {
    const log = [
      ...established(1, road1),
      spi(1, "ikev2_ikesa_enable: rekeyed as new IKESA 0x0000000000000002 (enc aes-256 prf hmac)"),
      spi(
        2,
        `recv INFORMATIONAL req 0 peer ${FROM}:61234 local 10.10.0.2:4500, 80 bytes, policy 'road1'`,
      ),
      spi(2, "ikev2_ikesa_recv_delete: received delete"),
    ];
    expect(cause(road1, log).what).toMatch(/^the peer ended the tunnel by itself/);
    expect(cause(road2, log).what).toMatch(/not one packet of it has arrived/);
  });

  it("a peer with an address whose phase 1 fits only such a tunnel is reported so", () => {
    const IKE = "peer 198.51.100.13:500 local 10.10.0.2:500";
    const log = [
      spi(1, `recv IKE_SA_INIT req 0 ${IKE}, 518 bytes, policy 'depot'`),
      spi(1, `send IKE_SA_INIT res 0 ${IKE}, 230 bytes`),
      spi(1, `recv IKE_AUTH req 1 ${IKE}, 345 bytes, policy 'road2'`),
      spi(1, "ikev2_ike_auth_recv: no compatible policy found"),
      spi(1, "ikev2_send_auth_failed: authentication failed for "),
      spi(1, "sa_free: authentication failed"),
    ];
    expect(cause({ ...depot, mode: "passive" }, log)).toMatchObject({
      code: "phase1-proposal",
      what: expect.stringContaining("offers that of tunnel road2") as string,
    });
    expect(cause(road2, log)).toMatchObject({ code: "never-asked" });
  });

  it("a peer that never came is waited for, as nobody can start to it", () => {
    expect(cause(road1, [])).toMatchObject({
      code: "never-asked",
      what: expect.stringContaining("road1.example.net, which may have any address") as string,
      fix: expect.not.stringContaining("mode: active") as string,
      tell: expect.stringContaining("no packet from road1.example.net") as string,
    });
  });

  it("asks no host for a ping", () => {
    expect(question("vio0", road1)).not.toMatch(/ping6? -|tcpdump -n -l -i/);
    const sections = (tunnel: DeclaredTunnel) =>
      [...question("vio0", tunnel).matchAll(/^echo '--- (.*)'$/gm)].map(([, name]) => name);
    expect(sections(road1)).toEqual(sections(depot));
    expect(question("vio0", depot)).toContain("ping -n -q -c 2 -w 1 198.51.100.13");
  });
});

describe("what the gateway prints of such a tunnel", () => {
  it("the log: from the line on that says who it is", () => {
    const stamped = (message: string) => `Nov 24 00:04:24 gw iked[7]: ${message}`;
    const filter = new LogFilter(road1);
    const lines = [...established(1, road1), ...established(2, road2)].map(stamped);
    const kept = [...lines.flatMap((line) => filter.take(line)), ...filter.rest()];
    expect(kept).toEqual([lines[4]]);
    expect(filter.take(stamped(spi(1, "sa_free: received delete")))).toHaveLength(1);
    expect(filter.take(stamped(spi(2, "sa_free: received delete")))).toEqual([]);
    expect(filter.take(stamped("any other line of iked's about 192.0.2.1"))).toEqual([]);
  });

  it("the flows: of the address that iked has the peer at", () => {
    const text = `FLOWS:
flow esp out from 10.10.0.0/24 to 10.20.1.0/24 peer ${FROM} srcid FQDN/gw dstid FQDN/road1.example.net type require
flow esp out from 10.10.0.0/24 to 10.20.3.0/24 peer 198.51.100.13 srcid FQDN/gw dstid FQDN/depot.example.net type require

SAD:
esp tunnel from 10.10.0.2 to ${FROM} spi 0x5fb71e2f enc aes-256-gcm
iked_sas: 0x1 rspi 0x7e38bd3e08bf4d89 ispi 0xfb7fc48ec589ab9c 10.10.0.2:4500->${FROM}:61234<FQDN/road1.example.net>[] ESTABLISHED r natt udpencap nexti 0x0 pol 0x2
`;
    const { flows, sas } = flowsOf(rowsOf(text, peersIn(text, road1)));
    expect([flows.length, sas.length]).toEqual([1, 1]);
    expect(rowsOf(text, peersIn(text, road2))).toEqual([]);
    expect(questionOf(road1)).toContain("ikectl show sa");
    expect(questionOf(depot)).toBe("ipsecctl -s all");
  });
});

describe("the path of such a stack", () => {
  const GATEWAY = `--- mtus
--- sas
--- states
all udp 10.10.0.2:4500 <- ${FROM}:61234       MULTIPLE:MULTIPLE
all udp 10.10.0.2:50123 -> 192.0.2.123:123       MULTIPLE:SINGLE
--- rules
match on enc0 all scrub (max-mss 1350)
`;
  const rows = (all: readonly DeclaredTunnel[], gateway = GATEWAY) =>
    Object.fromEntries(
      assessPath(
        { ...deployed, tunnels: [...all] },
        {
          gateway: gatewayEvidence(gateway, "10.10.0.2"),
          perimeter: undefined,
          probes: [],
          silent: [],
        },
      ).map((row) => [row.check, row]),
    );

  it("whoever speaks IKE with the gateway shows that it arrives", () => {
    expect(rows([road1, depot])["udp-4500"]).toMatchObject({
      result: "ok",
      seen: `${FROM} came in by itself`,
    });
    expect(rows([depot])["udp-4500"]).toMatchObject({ result: "unknown" });
  });

  it("what else the gateway sends says nothing of peers", () => {
    const clock =
      "udp 17 9 src=10.10.0.2 dst=192.0.2.123 sport=50123 dport=123 src=192.0.2.123 dst=198.51.100.1 sport=123 dport=50123 mark=0 use=1";
    const firewall = `--- perimeter\npresent\t\n--- tracked\nconntrack\n${clock}\n`;
    const found = assessPath(
      { ...deployed, tunnels: [road1], perimeter: around },
      {
        gateway: gatewayEvidence("--- mtus\n--- sas\n--- states\n--- rules\n", "10.10.0.2"),
        perimeter: perimeterEvidence(firewall, "10.10.0.2"),
        probes: [],
        silent: [],
      },
    );
    expect(found.find(({ check }) => check === "ports")).toMatchObject({ result: "unseen" });
  });

  it("nobody heard is not everybody heard", () => {
    const silent = GATEWAY.replace(/^all udp 10\.10\.0\.2:4500.*\n/m, "");
    expect(rows([road1], silent)["udp-500"]).toMatchObject({
      result: "unknown",
      seen: expect.stringContaining("no peer has a fixed address to search for") as string,
    });
  });
});
