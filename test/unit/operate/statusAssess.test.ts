import { assess, unknownStatus } from "../../../operate/status/assess";
import type { GatewayStatus } from "../../../contract/documents/status";
import { tunnelDetails } from "../../../operate/status/details";
import { statusTable } from "../../../operate/status/table";
import { gatewayProblems } from "../../../operate/status/problems";
import { parseGwctlLive } from "../../../parse/gwctlLive";
import { json } from "../../../operate/json";
import { document } from "../support/documents";
import { declared, deployed } from "./support/deployed";
import { liveText, NOW, type LiveGateway, type LiveTunnel } from "./support/liveText";

const at = new Date("2026-11-23T23:36:37Z");
const west = declared("west", 1);
const noProbe = { ...west, probe: undefined };

function status(live: LiveGateway, tunnels = live.tunnels.map(({ tunnel }) => tunnel)) {
  const found = assess({ ...deployed, tunnels }, parseGwctlLive(liveText(live)), at);
  document("status", json<GatewayStatus>(found));
  return found;
}
const one = (live: LiveTunnel, more: Partial<LiveGateway> = {}) =>
  status({ tunnels: [live], ...more }).tunnels[0];

describe("a tunnel is", () => {
  it.each<[string, string, LiveTunnel]>([
    ["proven", "its probe was answered, and its own counters moved", { tunnel: west }],
    ["established", "its probe was not answered", { tunnel: west, probe: "3 0 -" }],
    [
      "established",
      "packets of others go out, but its probe is not answered",
      { tunnel: west, probe: "3 0 -", crossed: [0, 9] },
    ],
    ["established", "its probe was answered past the tunnel", { tunnel: west, crossed: [0, 0] }],
    ["established", "the probe could not be sent", { tunnel: west, probe: "error ping: no" }],
    [
      "proven",
      "it has no probe, but packets crossed both ways",
      { tunnel: noProbe, probe: undefined },
    ],
    [
      "established",
      "it has no probe, and packets only went out",
      { tunnel: noProbe, probe: undefined, crossed: [0, 5] },
    ],
    [
      "established",
      "it has no probe, and packets only came in",
      { tunnel: noProbe, probe: undefined, crossed: [5, 0] },
    ],
    [
      "proven",
      "it was not probed, but packets crossed both ways",
      { tunnel: west, probe: undefined },
    ],
    ["negotiating", "there is no child yet", { tunnel: west, child: [] }],
    ["negotiating", "half of the child is missing", { tunnel: west, child: ["out"] }],
    ["negotiating", "the peer was only asked", { tunnel: west, ike: "SA_INIT", child: [] }],
    ["down", "there is nothing", { tunnel: west, ike: undefined, child: [], probe: "3 0 -" }],
    [
      "down",
      "there is nothing, although something answers the probe",
      { tunnel: west, ike: undefined, child: [] },
    ],
    ["down", "the IKE SA is about to go", { tunnel: west, ike: "CLOSING", child: [] }],
    [
      "down",
      "it was taken down by hand",
      { tunnel: west, record: "down", ike: undefined, child: [] },
    ],
    [
      "disabled",
      "it is not wanted",
      { tunnel: { ...west, enabled: false }, record: "disabled", ike: undefined, child: [] },
    ],
  ])("%s when %s", (state, _why, live) => {
    expect(one(live)?.state).toBe(state);
  });
});

describe("what is live differs", () => {
  it.each<[RegExp, LiveTunnel]>([
    [/taken down by hand/, { tunnel: west, record: "down", ike: undefined, child: [] }],
    [/not on the gateway/, { tunnel: west, record: undefined, ike: undefined, child: [] }],
    [/declared disabled, but enabled/, { tunnel: { ...west, enabled: false } }],
    [
      /declared disabled, but has live/,
      { tunnel: { ...west, enabled: false }, record: "disabled" },
    ],
    [/disabled on the gateway/, { tunnel: west, record: "disabled", ike: undefined, child: [] }],
    [/phase 2 encryption is aes-128, declared aes-256/, { tunnel: west, encryption: "aes" }],
    [/not through this tunnel/, { tunnel: west, crossed: [0, 0] }],
    [
      /phase 2 group is ecp256, declared ecp384/,
      { tunnel: { ...west, phase2: { ...west.phase2, group: "ecp384" } }, group: "ecp256" },
    ],
    [
      /phase 1 group is ecp256, declared ecp384/,
      { tunnel: { ...west, phase1: { ...west.phase1, group: "ecp384" } } },
    ],
  ])("%s", (difference, live) => {
    expect(one(live)?.differs.join("\n")).toMatch(difference);
  });

  it("not in a tunnel as declared, by whatever name the kernel calls the algorithms", () => {
    expect(one({ tunnel: west })?.differs).toEqual([]);
    const aes128 = { ...west, phase2: { ...west.phase2, encryption: "aes-128" } };
    expect(one({ tunnel: aes128, encryption: "aes" })?.differs).toEqual([]);
  });
});

describe("of several proposals", () => {
  const now = { ...west.phase1, group: "ecp384" };
  const nowEsp = { ...west.phase2, encryption: "aes-256-gcm", integrity: undefined };

  it("those in use are named, and one that is to go is remarked", () => {
    const tunnel = {
      ...west,
      phase1: now,
      olderPhase1: [west.phase1],
      phase2: nowEsp,
      olderPhase2: [west.phase2],
    };
    const judged = one({ tunnel });
    expect(judged?.chosen).toEqual({
      phase1: { number: 2, of: 2 },
      phase2: { number: 2, of: 2 },
    });
    expect(judged?.differs).toEqual([]);
    const table = statusTable(status({ tunnels: [{ tunnel }] }), { columns: 120, colours: false });
    expect(table).toContain("! phase 1 is up by proposal 2 of 2, an older one");
    expect(judged && tunnelDetails(judged)).toContain("phase 1 by 2 of 2, phase 2 by 2 of 2");
  });

  it("the preferred one is no remark", () => {
    const tunnel = { ...west, olderPhase1: [now], olderPhase2: [nowEsp] };
    const table = statusTable(status({ tunnels: [{ tunnel }] }), { columns: 120, colours: false });
    expect(one({ tunnel })?.chosen?.phase1).toEqual({ number: 1, of: 2 });
    expect(table).not.toContain("older");
  });

  it("none is named that the SA does not tell from another, or that it does not have", () => {
    const alike = { ...west.phase2, group: "modp4096" };
    expect(one({ tunnel: { ...west, olderPhase2: [alike] } })?.chosen).toBeUndefined();
    const neither = { ...west, phase1: now, olderPhase1: [{ ...now, group: "modp4096" }] };
    const judged = one({ tunnel: neither });
    expect(judged?.chosen).toBeUndefined();
    expect(judged?.differs).toEqual(["phase 1 group is ecp256, declared ecp384"]);
  });

  it("a tunnel with one of each says nothing of them", () => {
    expect(one({ tunnel: west })).not.toHaveProperty("chosen.phase1");
  });
});

it("is down by hand alone, even while its SAs are still there", () => {
  const { tunnels } = status({
    tunnels: [{ tunnel: west, record: "down" }, { tunnel: declared("east", 2) }],
  });
  expect(tunnels.map(({ name, state, byHand }) => [name, state, byHand])).toEqual([
    ["west", "down", "down"],
    ["east", "proven", undefined],
  ]);
});

it("shows ages, times and traffic of the SAs", () => {
  expect(one({ tunnel: west, group: "ecp256" })).toMatchObject({
    daemon: "iked",
    since: new Date((NOW - 600) * 1000).toISOString(),
    probe: { ok: true, rttMs: 2.1, lossPercent: 0 },
    ikeSa: {
      ...{ encryption: "aes-256", group: "ecp256", natt: true, peerId: "FQDN/west.example.net" },
      ageSeconds: 997,
    },
    selectors: [
      {
        childSa: {
          group: "ecp256",
          ageSeconds: 600,
          expiresSeconds: 3000,
          packetsIn: 13,
          bytesIn: 13 * 84,
          bytesOut: 13 * 84,
          // Of the direction that was used last.
          idleSeconds: 5,
        },
      },
    ],
  });
});

it("shows what the watchdog did to it", () => {
  const text = `${liveText({ tunnels: [{ tunnel: west }] })}--- watchdog
west failures=0 resets=2 last=1795476000 10.20.1.100 was silent
east failures=0 resets=0 last=0
`;
  const both = [west, declared("east", 2)];
  const { tunnels } = assess({ ...deployed, tunnels: both }, parseGwctlLive(text), at);
  const watchdogOf = (tunnel: string) => tunnels.find(({ name }) => name === tunnel)?.watchdog;
  expect(watchdogOf("west")).toEqual({
    resets: 2,
    lastReset: new Date(1_795_476_000_000).toISOString(),
    reason: "10.20.1.100 was silent",
  });
  expect(watchdogOf("east")).toEqual({ resets: 0, lastReset: undefined, reason: undefined });
});

it("a tunnel that is live, but not declared, is unmanaged", () => {
  const stray = declared("north", 3, { remoteId: "north.example.net" });
  const found = status({ tunnels: [{ tunnel: west }, { tunnel: stray }] }, [west]);
  expect(found.tunnels.map(({ name, state }) => [name, state])).toEqual([
    ["north", "unmanaged"],
    ["west", "proven"],
  ]);
  expect(found.tunnels[0]?.selectors).toMatchObject([{ remote: "10.20.3.0/24" }]);
});

it("tunnels that are live, but not declared, have the names that their peers show", () => {
  const strays = [3, 4].map((number) =>
    declared(`stray${number}`, number, { remoteId: `branch${number}.example.net` }),
  );
  const live = strays.map((tunnel) => ({ tunnel, record: undefined }));
  const down = { tunnel: declared("south", 5), record: "down" as const, ike: undefined, child: [] };
  const found = status({ tunnels: [{ tunnel: west }, ...live, down] }, [west]);
  expect(found.tunnels.map(({ name, state }) => [name, state])).toEqual([
    ["branch3.example.net", "unmanaged"],
    ["branch4.example.net", "unmanaged"],
    ["west", "proven"],
  ]);
});

it("SAs of a daemon that was killed still count, and the daemon is a problem", () => {
  const found = status({ tunnels: [{ tunnel: west }], iked: "stopped" });
  expect(found.tunnels[0]?.state).toBe("proven");
  expect(found.problems).toEqual([expect.stringMatching(/^iked is not running/)]);
});

it("a daemon that the watchdog started is named, but is no problem; one that is not in use is not", () => {
  const started = (daemon: string) =>
    status({
      tunnels: [{ tunnel: west }],
      watchdog: [
        `daemon ${daemon} starts=2 last=${NOW - 600} ${daemon} did not run: started`,
        "west failures=0 resets=1 last=1700000000 unanswered: reset",
      ],
    });
  expect(started("iked")).toMatchObject({
    gateway: {
      watchdog: {
        starts: 2,
        lastStart: "2026-11-23T23:26:37.000Z",
        reason: "iked did not run: started",
      },
    },
    problems: [],
  });
  expect(started("isakmpd").gateway.watchdog).toBeUndefined();
});

it("a packet filter that is off is a problem", () => {
  const { problems } = status({ tunnels: [{ tunnel: west }], pf: "Disabled" });
  expect(problems).toEqual([expect.stringMatching(/packet filter is off/)]);
});

it("so are a confirmed text that does not run, and rc(8)'s own rules after a boot", () => {
  const said = (rules: string) =>
    gatewayProblems(
      deployed.gateway,
      parseGwctlLive(liveText({ tunnels: [] }).replace("--- rules\n", `--- rules\n${rules}\n`)),
    );
  expect(said("pf stuck 1700000000 the last resort does")).toEqual([
    "/etc/pf.conf: the confirmed text does not run, the last resort does: repair it on the gateway, it is tried again",
  ]);
  expect(said("pf boot")).toEqual([
    expect.stringMatching(/did not load at boot.* SSH from anywhere/),
  ]);
});

it("nothing is known of the tunnels of a gateway that did not answer", () => {
  const found = unknownStatus(deployed, at, "gw-test cannot be reached");
  expect(found.tunnels.map(({ state }) => state)).toEqual(["unknown", "unknown"]);
  expect(found.problems).toEqual(["gw-test cannot be reached"]);
});

it("text of any kind proves nothing", () => {
  for (const text of [
    "",
    "ksh: gwctl: not found\n",
    "--- flows\nflow esp out\n--- probes\nwest 3 3 1\n",
  ]) {
    const found: GatewayStatus = assess(deployed, parseGwctlLive(text), at);
    expect(found.tunnels.every(({ state }) => state === "down")).toBe(true);
  }
});

const isakmpd = `--- services
isakmpd on running
--- tunnels
west isakmpd up
--- flows
flow esp out from 10.10.0.0/24 to 10.20.1.0/24 peer 198.51.100.11 srcid gw dstid west type require
flow esp out from 10.10.0.0/24 to 10.20.9.1 peer 198.51.100.11 srcid gw dstid west type require
--- ike
SA name: peer-198.51.100.11-local-10.10.0.2 (Phase 1/Initiator)
src: 10.10.0.2 dst: 198.51.100.11
Lifetime: 28800 seconds
Soft timeout in 25000 seconds
Hard timeout in 28000 seconds

SA name: from-10.10.0.0/24-to-10.20.1.0/24 (Phase 2)
src: 10.10.0.2 dst: 198.51.100.11
Lifetime: 3600 seconds
Hard timeout in 3000 seconds
SPI 0: 0badcafe
SPI 1: deadbeef
--- pf
Status: Enabled
--- before
@0 esp tunnel from 10.10.0.2 to 198.51.100.11 spi 0x0badcafe auth hmac-sha2-512 enc aes-256
@1 esp tunnel from 198.51.100.11 to 10.10.0.2 spi 0xdeadbeef auth hmac-sha2-512 enc aes-256
--- probes
west 3 3 2.0
--- clock
${NOW} +0000
`;

it("isakmpd's tunnels are assessed pair by pair", () => {
  const tunnel = declared("west", 1, { ikeVersion: 1, remote: ["10.20.1.0/24", "10.20.9.1/32"] });
  const found = assess({ ...deployed, tunnels: [tunnel] }, parseGwctlLive(isakmpd), at).tunnels[0];
  // The second pair has its flow, but no SA yet, though phase 1 is there.
  expect(found).toMatchObject({
    daemon: "isakmpd",
    state: "negotiating",
    since: undefined,
    ikeSa: { ageSeconds: 800, natt: false },
    selectors: [
      { state: "proven", childSa: { spiIn: "0xdeadbeef", ageSeconds: 600, expiresSeconds: 3000 } },
      { state: "negotiating" },
    ],
  });
});

it("of isakmpd's SAs of one pair, the newest that has both directions is shown", () => {
  const half = `SA name: from-10.10.0.0/24-to-10.20.1.0/24 (Phase 2)
src: 10.10.0.2 dst: 198.51.100.11
Lifetime: 3600 seconds
Hard timeout in 3590 seconds
SPI 0: 00000bad
`;
  const tunnel = declared("west", 1, { ikeVersion: 1, remote: ["10.20.1.0/24", "10.20.9.1/32"] });
  const text = isakmpd
    .replace("--- pf\n", `\n${half}--- pf\n`)
    .replace(
      "--- probes\n",
      "@2 esp tunnel from 10.10.0.2 to 198.51.100.11 spi 0x00000bad auth hmac-sha2-512 enc aes-256\n--- probes\n",
    );
  const found = assess({ ...deployed, tunnels: [tunnel] }, parseGwctlLive(text), at).tunnels[0];
  expect(found?.selectors[0]).toMatchObject({
    state: "proven",
    childSa: { spiIn: "0xdeadbeef", expiresSeconds: 3000 },
  });
});

it("a tunnel is as it is since its newest pair came up", () => {
  const tunnel = declared("west", 1, { ikeVersion: 1, remote: ["10.20.1.0/24", "10.20.9.1/32"] });
  const report = `
SA name: from-10.10.0.0/24-to-10.20.9.1 (Phase 2)
src: 10.10.0.2 dst: 198.51.100.11
Lifetime: 3600 seconds
Hard timeout in 3500 seconds
SPI 0: 0badcaff
SPI 1: deadbee0
`;
  const kernel = `@2 esp tunnel from 10.10.0.2 to 198.51.100.11 spi 0x0badcaff enc aes-256
\tudpencap: udpencap port 4500
@3 esp tunnel from 198.51.100.11 to 10.10.0.2 spi 0xdeadbee0 enc aes-256
`;
  const both = isakmpd
    .replace("--- pf\n", `${report}--- pf\n`)
    .replace("--- probes\n", `${kernel}--- probes\n`);
  const found = assess({ ...deployed, tunnels: [tunnel] }, parseGwctlLive(both), at).tunnels[0];
  expect(found).toMatchObject({
    since: new Date((NOW - 100) * 1000).toISOString(),
    ikeSa: { natt: true },
    // The probe's target is in the first pair only.
    selectors: [
      { state: "proven", childSa: { ageSeconds: 600 } },
      { state: "established", childSa: { ageSeconds: 100 } },
    ],
  });
});

it("isakmpd's pair is found by what is negotiated: a host's address, a translated one", () => {
  const tunnel = declared("west", 1, {
    ikeVersion: 1,
    remote: ["10.20.9.1/32"],
    selectors: [{ local: "10.99.0.1/32", remote: "10.20.9.1/32" }],
    nat: { address: "10.99.0.1" },
    probe: { source: "10.10.0.2", target: "10.20.9.1" },
  });
  const text = isakmpd
    .replace("from-10.10.0.0/24-to-10.20.1.0/24", "from-10.99.0.1-to-10.20.9.1")
    .replace(/^flow .* to 10\.20\.1\.0.*\n/m, "");
  const found = assess({ ...deployed, tunnels: [tunnel] }, parseGwctlLive(text), at).tunnels[0];
  expect(found).toMatchObject({
    state: "proven",
    selectors: [{ childSa: { spiIn: "0xdeadbeef" } }],
  });
});

it("a phase 1 that isakmpd only began is a negotiation with that peer, and with no other", () => {
  const text = `--- services
isakmpd on running
--- tunnels
west isakmpd up
east isakmpd up
--- ike
SA name: <unnamed> (Phase 1/Initiator)
src: 10.10.0.2 dst: ${declared("west", 1).peer}
Flags 0x00000000
icookie 0123456789abcdef rcookie 0000000000000000
`;
  const tunnels = ["west", "east"].map((name, i) => declared(name, i + 1, { ikeVersion: 1 }));
  const found = assess({ ...deployed, tunnels }, parseGwctlLive(text), at).tunnels;
  const states = Object.fromEntries(found.map(({ name, state }) => [name, state]));
  expect(states).toEqual({ west: "negotiating", east: "down" });
});

it("sections that the gateway's gwctl has other than this program are a problem", () => {
  const text = liveText({ tunnels: [{ tunnel: west }] }).replace("--- sec\n", "");
  const found = assess({ ...deployed, tunnels: [west] }, parseGwctlLive(text), at);
  expect(found.problems).toEqual([
    "gwctl live: section sec is missing: the gateway has another gwctl than this program: pulumi up",
  ]);
});
