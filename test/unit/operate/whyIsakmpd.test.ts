import { diagnose } from "../../../operate/why/diagnose";
import { LogFilter } from "../../../operate/monitor/logFilter";
import { linesOf } from "../../../operate/why/isakmpdLines";
import { parseLogLine } from "../../../parse/daemonLog";
import { declared } from "./support/deployed";
import { down, facts, west } from "./support/whyFacts";

const NO_PROPOSAL = "message_negotiate_sa: no compatible proposal found";
const PFS = "initiator_recv_HASH_SA_NONCE: disagreement on PFS";
const PHASE_1 =
  "isakmpd: phase 1 done: initiator id gw, responder id west, src: 10.10.0.2 dst: 198.51.100.11";
const DELETED =
  "isakmpd: Peer 198.51.100.11 made us delete live SA from-10.10.0.0/24-to-10.20.1.0/24 for proto 3, initiator id: gw-test.example.net, responder id: west.example.net";

describe("whose line of isakmpd's log it is", () => {
  const lines = (...messages: string[]) =>
    messages.flatMap((message) => parseLogLine(`Nov 24 00:04:24 gw isakmpd[7]: ${message}`) ?? []);
  const droppedFrom = (address: string, type: string) =>
    `dropped message from ${address} port 500 due to notification type ${type}`;
  const [east, v1] = [declared("east", 2), { ...west, ikeVersion: 1 as const }];

  it.each([
    "from-10.10.0.0/24-to-10.20.1.0/24",
    "message from 198.51.100.11",
    "a, src: 10.10.0.2 dst: 198.51.100.11, responder id b",
  ])("is not told by the identity %s, which is the peer's to write", (identity) => {
    const log = lines(
      `responder_recv_HASH_SA_NONCE: peer proposed invalid phase 2 IDs: initiator id ${identity}, responder id 10.10.0.0/255.255.255.0`,
      droppedFrom(east.peer, "INVALID_ID_INFORMATION"),
    );
    expect(linesOf(log, v1)).toEqual([]);
    expect(linesOf(log, east)).toEqual(log);
    const filter = new LogFilter(v1);
    const text = log.map(({ stamp, message }) => `${stamp} gw isakmpd[7]: ${message}`);
    expect([...text.flatMap((line) => filter.take(line)), ...filter.rest()]).toEqual([]);
  });

  it.each([
    ["10.0.0.1", "110.0.0.1"],
    ["10.0.0.1", "10.0.0.12"],
    ["fd00::2", "fd00::2:1"],
    ["d00::2", "fd00::2"],
  ])("%s is not in %s", (peer, other) => {
    const type = "NO_PROPOSAL_CHOSEN";
    const log = lines(droppedFrom(other, type), droppedFrom(peer, type));
    expect(linesOf(log, { ...v1, peer })).toEqual(log.slice(1));
  });
});

describe("isakmpd's log", () => {
  const v1 = { ...west, ikeVersion: 1 as const };
  const of = (...messages: string[]) =>
    diagnose(facts({ tunnel: v1, status: { ...down, daemon: "isakmpd" } }, messages, "isakmpd"))
      .cause;
  const dropped = (type: string) =>
    `dropped message from 198.51.100.11 port 500 due to notification type ${type}`;

  it.each<[string, RegExp, readonly string[]]>([
    [
      "psk",
      /keys/,
      ["message_parse_payloads: reserved field non-zero: 6b", dropped("PAYLOAD_MALFORMED")],
    ],
    ["phase1-proposal", /phase 1/, [dropped("NO_PROPOSAL_CHOSEN")]],
    ["phase2-proposal", /phase 2/, [PHASE_1, dropped("NO_PROPOSAL_CHOSEN")]],
    [
      "phase1-group",
      /phase1\.group: we want modp3072, the peer offers modp1024/,
      [
        "attribute_unacceptable: GROUP_DESCRIPTION: got MODP_1024, expected MODP_3072",
        NO_PROPOSAL,
        dropped("NO_PROPOSAL_CHOSEN"),
      ],
    ],
    [
      "phase1-lifetime",
      /phase1\.lifetime: we want 28800, the peer offers 86400/,
      [
        "attribute_unacceptable: LIFE_DURATION: got 86400,  expected 28800",
        NO_PROPOSAL,
        dropped("NO_PROPOSAL_CHOSEN"),
      ],
    ],
    [
      "selectors",
      /networks/,
      [
        "responder_recv_HASH_SA_NONCE: peer proposed invalid phase 2 IDs: initiator id 10.20.7.0/255.255.255.0, responder id 10.10.0.0/255.255.255.0",
      ],
    ],
    ["selectors", /networks/, [dropped("INVALID_ID_INFORMATION")]],
    [
      "ids",
      /another identity/,
      ["ike_phase_1_recv_ID: received remote ID other than expected west.example.net"],
    ],
    [
      "ids",
      /another identity/,
      ['ike_auth_get_key: no key found for peer "198.51.100.11" or local ID "gw"'],
    ],
    [
      "no-answer",
      /does not answer/,
      [
        "transport_send_messages: giving up on exchange peer-198.51.100.11-local-10.10.0.2, no response from peer 198.51.100.11:500",
      ],
    ],
    ["peer-deletes", /ended the tunnel/, [DELETED]],
    ["daemon", /without -K/, ["check_policy: negotiated SA failed policy check"]],
    ["stale-sa", /peer is there/, [dropped("INVALID_COOKIE")]],
  ])("tells of %s (%s)", (code, what, messages) => {
    const found = of(...messages);
    expect([found.code, found.what]).toEqual([code, expect.stringMatching(what)]);
  });

  it("before the peer ended it is history, as without -v no success is logged", () => {
    const deleted = DELETED;
    expect(of(deleted, dropped("NO_PROPOSAL_CHOSEN")).code).toBe("phase1-proposal");
    expect(of(dropped("NO_PROPOSAL_CHOSEN"), deleted).code).toBe("peer-deletes");
    const refused = facts(
      {
        tunnel: v1,
        status: { ...down, daemon: "isakmpd" },
        icmp: ["198.51.100.11 > 10.10.0.2: icmp: 198.51.100.11 udp port 500 unreachable"],
      },
      [deleted],
      "isakmpd",
    );
    expect(diagnose(refused).cause.code).toBe("peer-down");
  });

  // As the lab's log had it: exchanges do not carry their name through it.
  describe("of an exchange that was begun before the last success is history", () => {
    const MALFORMED = [
      "message_parse_payloads: reserved field non-zero: 6b",
      dropped("PAYLOAD_MALFORMED"),
    ];
    const UP = [
      "isakmpd: phase 1 done (as responder): initiator id west.example.net, responder id gw-test.example.net, src: 10.10.0.2 dst: 198.51.100.11",
      "isakmpd: quick mode done (as responder): src: 10.10.0.2 dst: 198.51.100.11",
    ];
    const GONE = [
      "isakmpd: Peer 198.51.100.11 made us delete live SA peer-198.51.100.11-local-10.10.0.2 for proto 1, initiator id: gw-test.example.net, responder id: west.example.net",
    ];
    const GIVEN_UP = [
      "transport_send_messages: giving up on exchange peer-198.51.100.11-local-10.10.0.2, no response from peer 198.51.100.11:500",
    ];
    type Said = readonly [stamp: string, messages: readonly string[]];
    const told = (...said: readonly Said[]) =>
      diagnose(
        facts({
          tunnel: v1,
          status: { ...down, daemon: "isakmpd" },
          log: said.flatMap(([stamp, messages]) =>
            messages.flatMap(
              (message) => parseLogLine(`Nov 27 ${stamp} openbsd isakmpd[2348]: ${message}`) ?? [],
            ),
          ),
        }),
      ).cause.code;
    const repaired: readonly Said[] = [
      ["23:34:20", MALFORMED],
      ["23:34:23", UP],
    ];

    it.each<[string, string, readonly Said[]]>([
      [
        "a wrong key, then another phase 1",
        "phase1-proposal",
        [
          ...repaired,
          ["23:34:32", GONE],
          ["23:34:32", [NO_PROPOSAL]],
          ["23:34:33", MALFORMED],
          ["23:34:57", GIVEN_UP],
        ],
      ],
      [
        "a wrong key, then another phase 2",
        "phase2-proposal",
        [...repaired, ["23:34:32", [...GONE, UP[0] ?? "", NO_PROPOSAL]], ["23:34:33", MALFORMED]],
      ],
      [
        "a wrong key, asked before anything else is known",
        "peer-deletes",
        [...repaired, ["23:34:32", GONE], ["23:34:33", MALFORMED], ["23:34:57", GIVEN_UP]],
      ],
      ["nothing since", "unknown", [...repaired, ["23:34:33", MALFORMED], ["23:34:57", GIVEN_UP]]],
      [
        "a peer that once did not know our phase 1 any more",
        "unknown",
        [
          ["23:34:23", UP],
          ["23:34:30", [dropped("INVALID_COOKIE")]],
        ],
      ],
    ])("%s", (_, code, said) => {
      expect(told(...said)).toBe(code);
    });

    it.each<[string, string, readonly Said[]]>([
      [
        "a wrong key at once",
        "psk",
        [
          ["23:34:23", UP],
          ["23:34:32", GONE],
          ["23:34:33", MALFORMED],
        ],
      ],
      [
        "silence",
        "no-answer",
        [
          ["23:34:23", UP],
          ["23:34:32", GONE],
          ["23:35:50", GIVEN_UP],
        ],
      ],
      [
        "a wrong key again, once it cannot be what is left",
        "psk",
        [...repaired, ["23:34:32", GONE], ["23:35:33", MALFORMED]],
      ],
      [
        "what does not decrypt, over the silence that follows it",
        "psk",
        [
          ["23:34:23", UP],
          ["23:35:33", MALFORMED],
          ["23:58:00", GIVEN_UP],
        ],
      ],
      [
        "what is met now, over what was met an hour ago",
        "phase1-proposal",
        [
          ["21:00:00", UP],
          ["22:00:00", MALFORMED],
          ["23:00:00", [NO_PROPOSAL]],
        ],
      ],
    ])("but not %s", (_, code, said) => {
      expect(told(...said)).toBe(code);
    });
  });

  it("before the last success is history, and of others is another's", () => {
    expect(
      of(
        dropped("NO_PROPOSAL_CHOSEN"),
        "isakmpd: quick mode done: src: 10.10.0.2 dst: 198.51.100.11",
      ).code,
    ).toBe("unknown");
    expect(of(dropped("NO_PROPOSAL_CHOSEN").replace("100.11", "100.110")).code).toBe("unknown");
    const another =
      "transport_send_messages: giving up on exchange from-10.10.0.0/24-to-10.99.0.0/24, no response from peer 198.51.100.11:500";
    expect(of(another).code).toBe("unknown");
    const inOneSecond = (...messages: string[]) =>
      messages.flatMap((one) => parseLogLine(`Nov 24 00:00:10 gw isakmpd[7]: ${one}`) ?? []);
    const log = inOneSecond(
      PFS,
      "transport_send_messages: giving up on exchange peer-198.51.100.12-local-10.10.0.2, no response from peer 198.51.100.12:500",
    );
    expect(diagnose(facts({ tunnel: v1, log })).cause.code).toBe("unknown");
  });

  it("is shown with what belongs to the cause, and nothing else", () => {
    const other = "ike_phase_1_recv_ID: received remote ID other than expected west.example.net";
    const failed = "exchange_run: doi->responder (0x2a1b3c40) failed";
    const { evidence } = of(dropped("NO_PROPOSAL_CHOSEN"), other, failed);
    expect(evidence.map(({ text }) => text)).toEqual([`isakmpd: ${other}`]);
  });

  it("of PFS says what ours is, also once phase 1 is done again", () => {
    expect(of(PFS, PHASE_1).code).toBe("phase2-proposal");
    expect(of(PFS).what).toMatch(/ours is PFS group ecp256,/);
    const tunnel = { ...v1, phase2: { ...v1.phase2, group: "none" } };
    expect(diagnose(facts({ tunnel }, [PFS], "isakmpd")).cause.what).toMatch(/ours is no PFS,/);
  });
});
