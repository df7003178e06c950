import fc from "fast-check";
import { diagnose } from "../../../operate/why/diagnose";
import type { Facts } from "../../../operate/why/facts";
import { factsOf, question } from "../../../operate/why/question";
import { whyReport } from "../../../operate/why/report";
import type { TunnelStatus } from "../../../contract/documents/status";
import { nameOfConstant } from "../../../config/algorithms/daemonWords";
import { declared, deployed } from "./support/deployed";
import { spi, knocked, knockedTwice } from "./support/ikedMessages";
import { liveText } from "./support/liveText";
import { down, facts, west } from "./support/whyFacts";

const cause = (messages: readonly string[], more: Partial<Facts> = {}) =>
  diagnose(facts(more, messages)).cause;

describe("without the log", () => {
  it.each<[string, Partial<Facts>]>([
    ["disabled", { tunnel: { ...west, enabled: false }, record: "disabled" }],
    ["not-on-gateway", { record: undefined }],
    ["by-hand", { record: "down" }],
    ["unresolved", { record: "unresolved" }],
    ["daemon", { daemonRuns: false }],
    ["never-asked", { tunnel: { ...west, mode: "passive" } }],
    ["none", { status: { ...down, state: "proven" } }],
  ])("%s", (code, more) => {
    expect(cause([], more).code).toBe(code);
  });

  const established: TunnelStatus = {
    ...down,
    state: "established",
    probe: { source: "10.10.0.2", target: "10.20.1.100", ok: false, at: "2026-11-24T00:00:00Z" },
  };
  it.each<[string, RegExp, Partial<Facts>]>([
    ["not-answered", /nothing comes back/, { moved: { out: 3, in: 0 } }],
    ["not-answered", /packets cross both ways, but 10\.20\.1\.100/, { moved: { out: 3, in: 5 } }],
    ["not-sent", /does not enter the tunnel/, { moved: { out: 0, in: 0 } }],
    ["probe", /no probe is declared/, { tunnel: { ...west, probe: undefined } }],
    [
      "peer-down",
      /refuses our packets/,
      { icmp: ["198.51.100.11 > 10.10.0.2: icmp: 198.51.100.11 udp port 4500 unreachable"] },
    ],
  ])("an established tunnel: %s (%s)", (code, what, more) => {
    const found = cause([], { status: established, ...more });
    expect([found.code, found.what]).toEqual([code, expect.stringMatching(what)]);
  });

  it("a passive tunnel is the peer's to start again, where its daemon is gone", () => {
    const icmp = ["198.51.100.11 > 10.10.0.2: icmp: 198.51.100.11 udp port 4500 unreachable"];
    const found = (mode: "active" | "passive") =>
      cause([], { status: established, icmp, tunnel: { ...west, mode } }).fix;
    expect([found("active"), found("passive")]).toEqual([
      expect.stringContaining("the gateway keeps trying"),
      expect.stringContaining("the peer has to start"),
    ]);
  });

  it("an established tunnel whose probe cannot be sent says why", () => {
    const probe = { ...established.probe, error: "ping: can't assign" } as TunnelStatus["probe"];
    expect(cause([], { status: { ...established, probe } })).toMatchObject({
      code: "probe",
      field: "probe.source",
    });
  });
});

describe("a route-based tunnel", () => {
  const routed = {
    ...west,
    kind: "route" as const,
    sec: { unit: 0, address: "169.254.10.2/30", peerAddress: "169.254.10.1", mtu: 1400 },
    pairs: ["10.20.1.0/24", "10.20.9.0/24"].map((remote) => ({ local: "10.10.0.0/24", remote })),
  };
  const up = "sec0: flags=8051<UP,POINTOPOINT,RUNNING,MULTICAST> mtu 1400\n";
  const address = "\tinet 169.254.10.2 --> 169.254.10.1 netmask 0xfffffffc\n";
  const why = (sec: string, record: "up" | "down" = "up") => {
    const live = liveText({ tunnels: [{ tunnel: routed, record }] });
    const text = live.replace("--- sec\n", `--- sec\n${sec}`);
    const asked = `${text}--- daemon\nNov 24 00:08:46 gw iked[7]: ikev2_init_ike_sa: initiating "west"\n`;
    return diagnose(factsOf({ ...deployed, tunnels: [routed] }, routed, asked)).cause;
  };

  it.each([
    ["", "sec0 does not exist", [], "sh /etc/netstart sec0"],
    [up.replace("<UP,", "<") + address, "sec0 is down", [], "ifconfig sec0 up"],
    [
      up + address,
      "no route to 10.20.1.0/24 through sec0",
      ["no route to 10.20.9.0/24 through sec0"],
      "sh /etc/netstart sec0",
    ],
  ])("needs its interface, whatever the log says (%#)", (sec, what, others, fix) => {
    expect(why(sec)).toMatchObject({
      code: "interface",
      phase: "gateway",
      what: `${what}, so that no packet enters the tunnel`,
      evidence: others.map((text) => ({ text })),
      fix: `on the gateway: ${fix}`,
    });
  });

  it("was taken down by hand first of all", () => {
    expect(why("", "down").code).toBe("by-hand");
  });
});

it("what is not known comes with the last lines, and with who can try again", () => {
  const repeated = Array.from({ length: 20 }, () => knocked()).flat();
  const found = cause(repeated);
  expect([found.code, found.evidence.length]).toEqual(["unknown", 15]);
  expect(found.fix).toMatch(/^gateway tunnel restart west/);
  const passive = { ...west, mode: "passive" as const };
  expect(cause(repeated, { tunnel: passive }).fix).toMatch(/^have the peer start the tunnel/);
});

it("a tunnel that is down names the one whose networks hold its own", () => {
  const east = {
    ...declared("east", 2),
    pairs: [{ local: "10.10.0.0/24", remote: "10.20.0.0/16" }],
  };
  const notes = (tunnels: (typeof west)[], tunnel = west) =>
    diagnose(factsOf({ ...deployed, tunnels }, tunnel, liveText({ tunnels: [] }))).notes.join("\n");
  const note = /packets from 10\.10\.0\.0\/24 to 10\.20\.1\.0\/24 go into east, whose networks/;
  expect(notes([west, east])).toMatch(note);
  expect(notes([west, east], east)).not.toMatch(/go into/);
  expect(notes([west, { ...east, enabled: false }])).not.toMatch(/go into/);
  expect(notes([west, { ...east, kind: "route" }])).not.toMatch(/go into/);
  const disabled = { ...west, enabled: false };
  expect(notes([disabled, east], disabled)).toMatch(note);
  const known = factsOf({ ...deployed, tunnels: [west, east] }, west, liveText({ tunnels: [] }));
  for (const state of ["proven", "established"] as const) {
    const { notes: up } = diagnose({ ...known, status: { ...known.status, state } });
    expect(up.join("\n")).not.toMatch(/go into/);
  }
});

it("what the gateway answers becomes facts, with what the leak guard stopped", () => {
  const east = { tunnel: declared("east", 2), crossed: [5, 5] as const };
  const live = liveText({ tunnels: [{ tunnel: west, probe: "3 0 -", crossed: [0, 3] }, east] });
  const text = `${live}--- icmp
--- ping
2 packets transmitted, 2 packets received, 0.0% packet loss
--- counts
block drop in log quick on vio0 from <remote_nets> to any
  [ Evaluations: 10        Packets: 0         Bytes: 0           States: 0     ]
block return out log quick on vio0 from any to <remote_nets>
  [ Evaluations: 10        Packets: 7         Bytes: 588         States: 0     ]
pass out log on enc0 all flags S/SA
  [ Evaluations: 10        Packets: 9         Bytes: 756         States: 1     ]
--- ike-heard
--- pflog
Nov 24 00:01:02.123456 rule 6/(match) block out on vio0: 10.10.0.9 > 10.20.1.100: icmp: echo request
--- daemon
Nov 24 00:08:46 gw iked[7]: ikev2_init_ike_sa: initiating "west"
`;
  const found = factsOf(deployed, west, text);
  expect(found).toMatchObject({
    guarded: 7,
    peerPings: true,
    moved: { out: 3, in: 0 },
    record: "up",
    log: [{ program: "iked", message: 'ikev2_init_ike_sa: initiating "west"' }],
  });
  const ofEast = factsOf(deployed, east.tunnel, text);
  expect([found, ofEast].map(({ status }) => status.name)).toEqual(["west", "east"]);
  const { cause: why, notes } = diagnose(found);
  expect(why.code).toBe("not-answered");
  expect(found.problems).toEqual([]);
  expect(notes.join("\n")).toMatch(/7 packets .* leak guard[^]*pflog: .*10\.20\.1\.100/);
});

it("sections that the answer lacks are among the notes", () => {
  const text = liveText({ tunnels: [{ tunnel: west }] }).replace("--- sec\n", "");
  expect(diagnose(factsOf(deployed, west, text)).notes.join("\n")).toMatch(
    /sections sec, ping, icmp, ike-heard, counts, pflog, daemon are missing: .*: pulumi up/,
  );
});

it("the report fits 80 columns and shows no key", () => {
  const diagnosis = diagnose(
    facts({ problems: ['iked: psk "Sup3rS3cret" is refused'] }, [
      ...knockedTwice(),
      spi("ikev2_auth_verify: ikev2_msg_authverify failed"),
    ]),
  );
  const report = whyReport(diagnosis, 80, false);
  expect(report).not.toContain("Sup3rS3cret");
  expect(report).toMatchInlineSnapshot(`
    "west is down (authentication, psk): the preshared keys of the two ends differ

    evidence:
      Nov 24 00:00:13 iked: ikev2_auth_verify: ikev2_msg_authverify failed

    here:  compare the keys: gateway peer west --reveal-psk shows ours; or set a new
           one on both ends
    there: "Our gateway (gw-test.example.net) finds that your preshared key for us
           is not ours. Please enter it again, without blanks around it."

    also:
      iked: psk *** is refused
    "
  `);
});

it("the report of a tunnel that works names no phase, and one without evidence has no place for it", () => {
  const works = diagnose(facts({ status: { ...down, state: "proven" } }));
  expect(whyReport(works, 80, false)).toMatch(/^west is proven: nothing is wrong/);
  expect(whyReport(diagnose(facts({})), 80, false)).not.toContain("evidence:");
  const colour = (one: typeof works) => /\[(\d+)m/.exec(whyReport(one, 80, true))?.[1];
  expect([works, diagnose(facts({})), diagnose(facts({ record: "down" }))].map(colour)).toEqual([
    "32",
    "33",
    "31",
  ]);
});

it("only addresses of the declaration go into the question", () => {
  expect(question("vio0", west)).toContain("src host 198.51.100.11'");
  expect(question("vio0", declared("v6", 1, { peer: "2001:db8::1" }))).toContain("ping6 -n -q");
});

it("no answer of the gateway makes it throw", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary" })), (noise) => {
      diagnose(factsOf(deployed, west, `--- daemon\n${noise.join("\n--- icmp\n")}`));
      diagnose(facts({}, noise));
      diagnose(facts({ tunnel: { ...west, ikeVersion: 1 } }, noise, "isakmpd"));
      noise.forEach((one) => nameOfConstant("iked", one));
    }),
  );
});
