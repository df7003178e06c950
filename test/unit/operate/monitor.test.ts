import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { captureCommand } from "../../../operate/monitor/capture";
import { flowsOf, isFlowOrSa, rowsOf } from "../../../operate/monitor/flows";
import { LogFilter } from "../../../operate/monitor/logFilter";
import { askPeer, peerIn } from "../../../operate/monitor/namedPeer";
import { redacted } from "../../../operate/monitor/redact";
import { rowsOfTag } from "../../../operate/monitor/rules";
import { parseRuleCounts } from "../../../parse/pfctlRules";
import { declared } from "./support/deployed";

const west = declared("west", 1);
const log = (message: string, program = "iked") => `Nov 24 00:04:24 gw ${program}[7]: ${message}`;
const spi = (n: number, message: string) => log(`spi=0x000000000000000${n}: ${message}`);

describe("the log of one tunnel", () => {
  const kept = (lines: string[]) => {
    const filter = new LogFilter(west);
    return [...lines.flatMap((line) => filter.take(line)), ...filter.rest()];
  };

  it("has what names it, and what is about an SA that was named before", () => {
    const own = [
      log('ikev2_init_ike_sa: initiating "west"'),
      spi(1, "send IKE_SA_INIT req 0 peer 198.51.100.11:500 local 10.10.0.2:500, 278 bytes"),
      spi(1, "sa_free: received delete"),
      log(
        "isakmpd: Peer 198.51.100.11 made us delete live SA x for proto 3, initiator id: gw, responder id: w",
        "isakmpd",
      ),
      log("isakmpd: quick mode done: src: 10.10.0.2 dst: 198.51.100.11", "isakmpd"),
      "Nov 24 00:04:24 gw gwctl: watch: west: 10.20.1.100 is silent",
    ];
    expect(kept(own)).toEqual(own);
  });

  it("has nothing of others, whose names merely begin alike, nor of other programs", () => {
    expect(
      kept([
        log('ikev2_init_ike_sa: initiating "west-2"'),
        spi(2, "send IKE_SA_INIT req 0 peer 198.51.100.110:500 local 10.10.0.2:500"),
        spi(2, "sa_free: received delete"),
        spi(
          3,
          "recv IKE_SA_INIT req 0 peer 198.51.100.11:500 local 10.10.0.2:500, 272 bytes, policy 'other'",
        ),
        spi(3, "send IKE_SA_INIT res 0 peer 198.51.100.11:500 local 10.10.0.2:500"),
        log("session opened for 198.51.100.11", "sshd"),
      ]),
    ).toEqual([]);
  });

  it("has a line without a name with the line beside it, or for every tunnel", () => {
    const of = (address: string) => [
      log("attribute_unacceptable: GROUP_DESCRIPTION: got MODP_1024, expected ECP_256", "isakmpd"),
      log("message_negotiate_sa: no compatible proposal found", "isakmpd"),
      log(
        `dropped message from ${address} port 500 due to notification type NO_PROPOSAL_CHOSEN`,
        "isakmpd",
      ),
    ];
    const sent = [
      spi(1, "send IKE_SA_INIT req 0 peer 198.51.100.11:500 local 10.10.0.2:500, 278 bytes"),
      log("ikev2_msg_send: sendtofrom: No route to host"),
    ];
    const ours = [...of("198.51.100.11"), ...sent];
    const starts = log("isakmpd: starting", "isakmpd").replace("00:04:24", "00:05:00");
    expect(kept([...of("198.51.100.12"), ...ours, starts])).toEqual([...ours, starts]);
  });

  it.each([
    ["IPv4", "198.51.100.2", "198.51.100.22"],
    ["IPv6", "2001:db8:5::2", "2001:db8:5::22"],
    ["IPv6, within a longer one", "2001:db8:5::2", "2001:db8:5::2:1"],
  ])("has what names the address of a peer that is given by name: %s", (_, first, second) => {
    const filter = new LogFilter({ ...west, peer: "vpn.example.net", remoteId: "x.example.net" });
    const dropped = (address: string) =>
      log(`transport_send_messages: no response from peer ${address}:500`, "isakmpd");
    const moved = log(`watch: west: vpn.example.net moved from ${first} to ${second}`, "gwctl");
    filter.locate(first);
    const both = [dropped(first), dropped(second)];
    expect([...both, moved, ...both].flatMap((line) => filter.take(line))).toEqual([
      dropped(first),
      moved,
      dropped(second),
    ]);
  });

  it("asks the gateway where such a peer is, and where it was before the lines tell of a move", () => {
    const base = mkdtempSync(join(tmpdir(), "logs-"));
    const ask = (lines: number) =>
      execFileSync(
        "sh",
        ["-c", askPeer("west", lines).replaceAll(/\/(etc|var)\//g, `${base}/$1/`)],
        {
          encoding: "utf8",
        },
      ).trim();
    for (const dir of ["etc/ipsec", "var/log"]) mkdirSync(join(base, dir), { recursive: true });
    writeFileSync(join(base, "etc/ipsec/west.conf"), "# gwctl peer 198.51.100.23\nike active\n");
    const moved = (name: string, from: number, to: number) =>
      `Nov 24 00:04:24 gw gwctl: watch: ${name}: x.example.net moved from 198.51.100.${from} to 198.51.100.${to}\n`;
    writeFileSync(
      join(base, "var/log/daemon"),
      moved("east", 1, 2) + moved("west", 21, 22) + moved("west", 22, 23) + log("x\n"),
    );
    const said = [4, 2, 1].map((lines) => peerIn(ask(lines)));
    rmSync(base, { recursive: true });
    expect(said).toEqual(["198.51.100.21", "198.51.100.22", "198.51.100.23"]);
  });

  it("of all tunnels is that of the IKE daemons and of gwctl", () => {
    const all = new LogFilter();
    const lines = [spi(1, "x"), log("x", "isakmpd"), log("x", "gwctl")];
    expect(lines.flatMap((line) => all.take(line))).toEqual(lines);
    expect(all.take(log("x", "ntpd"))).toEqual([]);
  });
});

test.each([
  ['iked: psk "a b" refused', "iked: psk *** refused"],
  ["psk 'x", "psk ***"],
  [
    "C set [peer-1.2.3.4]:Authentication=Sup3r force",
    "C set [peer-1.2.3.4]:Authentication=*** force",
  ],
  ["\tauthkey 0xabcdef", "\tauthkey ***"],
  ["enckey 0xabcdef \\", "enckey *** \\"],
  ["loaded SPIs: 0x1, 0x2 (enc aes-256)", "loaded SPIs: 0x1, 0x2 (enc aes-256)"],
])("%s is shown as %s", (line, shown) => {
  expect(redacted(line)).toBe(shown);
});

test("a capture has one tunnel's packets, as they are at each place", () => {
  const vio = { interface: "vio0" };
  const two = declared("west", 1, { remote: ["10.20.1.0/24", "10.20.9.0/24"] });
  expect(captureCommand(vio, two, "outside")).toMatchInlineSnapshot(
    `"exec tcpdump -n -s 65535 -i vio0 -w - 'host 198.51.100.11 and (udp port 500 or udp port 4500 or proto 50 or icmp or icmp6)'"`,
  );
  expect(captureCommand(vio, two, "enc0", 5)).toMatchInlineSnapshot(
    `"exec tcpdump -n -s 65535 -c 5 -i enc0 -w - 'host 198.51.100.11 and (proto 4 or proto 41)'"`,
  );
  expect(captureCommand(vio, two, "pflog0")).toMatchInlineSnapshot(
    `"exec tcpdump -n -s 65535 -i pflog0 -w - '(net 10.10.0.0/24) and (net 10.20.1.0/24 or net 10.20.9.0/24)'"`,
  );
});

describe("the kernel's flows", () => {
  const text = `FLOWS:
flow esp in from 10.20.1.0/24 to 10.10.0.0/24 peer 198.51.100.11 srcid FQDN/gw dstid FQDN/west type require
flow esp out from 10.10.0.0/24 to 10.20.2.0/24 peer 198.51.100.12 srcid FQDN/gw dstid FQDN/east type require

SAD:
esp tunnel from 10.10.0.2 to 198.51.100.11 spi 0x5fb71e2f auth hmac-sha2-512 enc aes-256
esp tunnel from 198.51.100.110 to 10.10.0.2 spi 0x5fb71e30 auth hmac-sha2-512 enc aes-256
`;

  it("are those of one peer, whose address is not another's beginning", () => {
    const { flows, sas } = flowsOf(rowsOf(text, ["198.51.100.11"]));
    expect(flows.map(({ direction, from }) => [direction, from])).toEqual([["in", "10.20.1.0/24"]]);
    expect(sas.map(({ spi }) => spi)).toEqual(["0x5fb71e2f"]);
  });

  it("are all of them without a peer", () => {
    const { flows, sas } = flowsOf(rowsOf(text));
    expect([flows.length, sas.length]).toEqual([2, 2]);
  });

  it("are more than the headings under which there may be none", () => {
    expect(rowsOf(text).some(isFlowOrSa)).toBe(true);
    const none = rowsOf("FLOWS:\nNo flows\n\nSAD:\nNo entries\n");
    expect([none.length, none.some(isFlowOrSa)]).toEqual([4, false]);
  });
});

describe("the packet filter's rules", () => {
  // As pfctl -v -s rules prints them (pfctl.c, pfctl_print_rule_counters).
  const rows =
    `pass in on enc0 inet from 10.20.1.0/24 to 10.10.0.0/24 flags S/SA keep state (if-bound) tagged vpn-west
  [ Evaluations: 12        Packets: 7         Bytes: 588         States: 1     ]
  [ Inserted: uid 0 pid 7 State Creations: 1     ]
pass in on enc0 inet from 10.20.3.0/24 to 10.10.0.0/24 flags S/SA keep state (if-bound) tagged vpn-west-2
  [ Evaluations: 5         Packets: 0         Bytes: 0           States: 0     ]`.split("\n");

  it("of one tunnel are those with its tag, not with one that begins alike", () => {
    expect(rowsOfTag(rows, "west")).toEqual(rows.slice(0, 3));
    expect(rowsOfTag(rows, "west-2")).toEqual(rows.slice(3));
  });

  it("come with their counters", () => {
    expect(parseRuleCounts(rows)).toEqual([
      { rule: rows[0], evaluations: 12, packets: 7, bytes: 588, states: 1 },
      { rule: rows[3], evaluations: 5, packets: 0, bytes: 0, states: 0 },
    ]);
  });
});
