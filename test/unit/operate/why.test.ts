import fc from "fast-check";
import { diagnose } from "../../../operate/why/diagnose";
import type { Facts } from "../../../operate/why/facts";
import { factsOf, question } from "../../../operate/why/question";
import { whyReport } from "../../../operate/why/report";
import type { TunnelStatus } from "../../../operate/status/model";
import { parseLogLine } from "../../../parse/daemonLog";
import { openbsdName } from "../../../parse/ikedProposals";
import { declared, deployed } from "./support/deployed";
import { liveText } from "./support/liveText";

const west = declared("west", 1);
const PEER = "peer 198.51.100.11:500 local 10.10.0.2:500";
const PEER_T = "peer 198.51.100.11:4500 local 10.10.0.2:4500";

const down: TunnelStatus = {
  name: "west",
  peer: "198.51.100.11",
  daemon: "iked",
  state: "down",
  selectors: [],
  differs: [],
};

function facts(more: Partial<Facts>, messages: readonly string[] = [], program = "iked"): Facts {
  return {
    gateway: deployed.gateway,
    tunnel: west,
    status: down,
    problems: [],
    record: "up",
    daemonRuns: true,
    icmp: [],
    pflog: [],
    log: messages.flatMap(
      (message, i) =>
        parseLogLine(`Nov 24 00:0${Math.floor(i / 10)}:1${i % 10} gw ${program}[7]: ${message}`) ??
        [],
    ),
    ...more,
  };
}
const cause = (messages: readonly string[], more: Partial<Facts> = {}) =>
  diagnose(facts(more, messages)).cause;

const spi = (message: string, n = 1) => `spi=0x${String(n).padStart(16, "0")}: ${message}`;
const asked = (n = 1) => [
  'ikev2_init_ike_sa: initiating "west"',
  spi(`send IKE_SA_INIT req 0 ${PEER}, 278 bytes`, n),
];
const answered = (n = 1) => [
  ...asked(n),
  spi(`recv IKE_SA_INIT res 0 ${PEER}, 280 bytes, policy 'west'`, n),
  spi(`send IKE_AUTH req 1 ${PEER_T}, 256 bytes, NAT-T`, n),
];
const authenticated = (n = 1, bytes = 224) => [
  ...answered(n),
  spi(`recv IKE_AUTH res 1 ${PEER_T}, ${bytes} bytes, policy 'west'`, n),
];
const up = (n = 1) => [
  ...authenticated(n),
  spi("ikev2_childsa_enable: loaded SPIs: 0xdf626845, 0x3c742e00 (enc aes-256)", n),
  spi(
    `established peer 198.51.100.11:4500[FQDN/west.example.net] local 10.10.0.2:4500[FQDN/gw] policy 'west' as initiator (enc aes-256)`,
    n,
  ),
];
const knocked = (n = 1) => [spi(`recv IKE_SA_INIT req 0 ${PEER}, 272 bytes, policy 'west'`, n)];
const knockedTwice = (n = 1) => [
  ...knocked(n),
  spi(`send IKE_SA_INIT res 0 ${PEER}, 278 bytes`, n),
  spi(`recv IKE_AUTH req 1 ${PEER_T}, 272 bytes, policy 'west'`, n),
];

// The lines are those of OpenIKED against a strongSwan that was misconfigured on purpose.
describe("iked's log", () => {
  it.each<[string, string, RegExp, readonly string[]]>([
    [
      "a wrong key, seen by us",
      "psk",
      /keys of the two ends differ/,
      [
        ...knockedTwice(),
        spi("ikev2_auth_verify: ikev2_msg_authverify failed"),
        spi("ikev2_send_auth_failed: authentication failed for FQDN/west.example.net"),
        spi("sa_free: authentication failed"),
        ...authenticated(2, 80),
        spi("sa_free: authentication failed notification from peer", 2),
      ],
    ],
    [
      "a wrong key or identity, seen by the peer only",
      "authentication",
      /only its own log tells which/,
      [...authenticated(1, 80), spi("sa_free: authentication failed notification from peer")],
    ],
    [
      "another phase 1 of the peer",
      "phase1-proposal",
      /phase1\.encryption: we want aes-256, the peer offers aes-128$/,
      [
        ...knocked(),
        "ikev2_sa_responder: no proposal chosen",
        spi("ikev2_resp_recv: failed to negotiate IKE SA"),
        spi("ikev2_log_proposal: IKE #1 ENCR=AES_CBC-128"),
        spi("ikev2_log_proposal: IKE #1 INTEGR=HMAC_SHA2_256_128"),
        spi("ikev2_log_proposal: IKE #1 PRF=HMAC_SHA2_256"),
        spi("ikev2_log_proposal: IKE #1 DH=ECP_256"),
        spi("ikev2_add_error: NO_PROPOSAL_CHOSEN"),
        spi("sa_free: no proposal chosen"),
      ],
    ],
    [
      "another group of the peer",
      "phase1-group",
      /phase1\.group: we want ecp256, the peer offers ecp384 or modp2048$/,
      [
        ...knocked(),
        spi("ikev2_log_proposal: IKE #1 ENCR=AES_CBC-256"),
        spi("ikev2_log_proposal: IKE #1 INTEGR=HMAC_SHA2_256_128"),
        spi("ikev2_log_proposal: IKE #1 PRF=HMAC_SHA2_256"),
        spi("ikev2_log_proposal: IKE #1 DH=ECP_384,MODP_2048"),
      ],
    ],
    [
      "a key exchange of another group",
      "phase1-group",
      /we want ecp256, the peer offers modp2048/,
      [...knocked(), spi("ikev2_sa_responder_dh: want dh ECP_256, KE has MODP_2048")],
    ],
    [
      "a phase 1 that the peer refuses",
      "phase1-proposal",
      /takes none of what we offer \(encryption aes-256, .*group ecp256/,
      [
        ...asked(),
        spi(`recv IKE_SA_INIT res 0 ${PEER}, 36 bytes, policy 'west'`),
        spi("ikev2_init_recv: failed to negotiate IKE SA"),
        spi("sa_free: no proposal chosen"),
      ],
    ],
    [
      "another phase 2 of the peer",
      "phase2-proposal",
      /phase2\.encryption: we want aes-256, the peer offers aes-128$/,
      [
        ...knockedTwice(),
        "ikev2_ike_auth_recv: no proposal chosen",
        spi("ikev2_log_proposal: ESP #1 ENCR=AES_CBC-128"),
        spi("ikev2_log_proposal: ESP #1 INTEGR=HMAC_SHA2_512_256"),
        spi("ikev2_log_proposal: ESP #1 ESN=NONE"),
        spi("sa_free: IKE_AUTH failed"),
      ],
    ],
    [
      "a phase 2 that the peer refuses",
      "phase2-proposal",
      /takes none of what we offer \(encryption aes-256, integrity hmac-sha2-512/,
      [
        ...authenticated(1, 144),
        spi("ikev2_init_recv: failed to negotiate IKE SA"),
        spi("sa_free: no proposal chosen (IKE SA)"),
      ],
    ],
    [
      "networks that the peer does not take",
      "selectors",
      /answered without a child SA; ours are 10\.10\.0\.0\/24 here and 10\.20\.1\.0\/24 there/,
      authenticated(1, 144),
    ],
    [
      "an identity that we do not expect",
      "ids",
      /another identity than west\.example\.net/,
      [
        ...knockedTwice(),
        spi("ikev2_ike_auth_recv: no compatible policy found"),
        spi("ikev2_send_auth_failed: authentication failed for "),
      ],
    ],
    [
      "an identity of ours that the peer does not expect",
      "ids",
      /expects us under another identity than gw-test/,
      [
        ...knockedTwice(),
        spi("policy_test: localid mismatch"),
        spi("ikev2_ike_auth_recv: no compatible policy found"),
      ],
    ],
    ["a peer that does not answer", "no-answer", /does not answer our first packet/, asked()],
    ["a second packet that is not answered", "no-answer", /UDP 4500 is filtered/, answered()],
    [
      "a peer that ended it",
      "peer-deletes",
      /ended the tunnel by itself/,
      [...up(), spi("ikev2_ikesa_recv_delete: received delete"), spi("sa_free: received delete")],
    ],
    [
      "a peer that fell silent",
      "dead-peer",
      /stopped answering/,
      [
        ...up(),
        spi(`retransmit 5 INFORMATIONAL req 3 ${PEER_T}`),
        spi("sa_free: retransmit limit reached"),
      ],
    ],
    ["nothing", "unknown", /^don't know/, []],
  ])("tells of %s", (_, code, what, messages) => {
    const found = cause(messages);
    expect([found.code, found.what]).toEqual([code, expect.stringMatching(what)]);
    expect(found.fix).not.toBe("");
    if (messages.length > 0) expect(found.evidence[0]?.stamp).toMatch(/^Nov 24 00:0/);
  });

  it("of a tunnel that was up since is history", () => {
    const before = [
      ...authenticated(1, 80),
      spi("sa_free: authentication failed notification from peer"),
    ];
    expect(cause([...before, ...up(2)]).code).toBe("unknown");
    expect(cause([...before, ...up(2), ...asked(3)]).code).toBe("no-answer");
  });

  it("of a peer that takes the child back at once is not a success", () => {
    const at = "Nov 24 00:08:47 gw iked[7]: ";
    const log = [...up(), spi("deleted 1 SPI: 0xb3cef24f")].flatMap(
      (message) => parseLogLine(at + message) ?? [],
    );
    const { cause: found } = diagnose(facts({ log }));
    expect([found.code, found.what]).toEqual(["selectors", expect.stringMatching(/at once/)]);
  });

  it("tells of a peer that we wait for and that does not come back", () => {
    const passive = { tunnel: { ...west, mode: "passive" as const } };
    const deleted = [...up(), spi("ikev2_ikesa_recv_delete: received delete")];
    for (const [messages, what] of [
      [deleted, /ended the tunnel by itself, and 198.51.100.11, for which we wait/],
      [up(), /^the tunnel ended, and/],
    ] as const) {
      const found = cause(messages, passive);
      expect([found.code, found.what]).toEqual(["never-asked", expect.stringMatching(what)]);
      expect(found.evidence[0]?.stamp).toMatch(/^Nov 24 00:0/);
    }
    // One that does come back and fails is another matter.
    const refused = spi("ikev2_auth_verify: ikev2_msg_authverify failed", 2);
    expect(cause([...deleted, ...knockedTwice(2), refused], passive).code).toBe("psk");
  });

  it("of another tunnel to the same peer is another's", () => {
    const other = knockedTwice().map((line) => line.replace("'west'", "'other'"));
    expect(cause([...other, spi("ikev2_auth_verify: ikev2_msg_authverify failed")]).code).toBe(
      "unknown",
    );
  });

  it("says how the peer's host behaves where the peer's daemon does not answer", () => {
    expect(cause(asked(), { peerPings: true }).what).toMatch(/its IKE daemon is off/);
    expect(cause(asked(), { peerPings: false }).what).toMatch(/does not answer a ping either/);
    const icmp = [
      "IP 198.51.100.11 > 10.10.0.2: ICMP 198.51.100.11 udp port 500 unreachable, length 36",
    ];
    expect(cause(asked(), { icmp }).code).toBe("peer-down");
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
    [
      "phase2-proposal",
      /phase 2/,
      [
        "phase 1 done (as initiator): initiator id gw, responder id west, src: 10.10.0.2 dst: 198.51.100.11",
        dropped("NO_PROPOSAL_CHOSEN"),
      ],
    ],
    [
      "phase1-group",
      /phase1\.group: we want MODP_3072, the peer offers MODP_1024/,
      [
        "attribute_unacceptable: GROUP_DESCRIPTION: got MODP_1024, expected MODP_3072",
        dropped("NO_PROPOSAL_CHOSEN"),
      ],
    ],
    [
      "phase1-lifetime",
      /phase1\.lifetime: we want 28800, the peer offers 86400/,
      ["attribute_unacceptable: LIFE_DURATION: got 86400, expected 28800"],
    ],
    [
      "selectors",
      /networks/,
      [
        "responder_recv_HASH_SA_NONCE: peer proposed invalid phase 2 IDs: initiator id 10.20.7.0/24, responder id 10.10.0.0/24",
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
    [
      "peer-deletes",
      /ended the tunnel/,
      ["Peer 198.51.100.11 made us delete live SA from-10.10.0.0/24-to-10.20.1.0/24 for proto 3"],
    ],
    ["daemon", /without -K/, ["check_policy: negotiated SA failed policy check"]],
    ["dead-peer", /./, [dropped("INVALID_COOKIE")]],
  ])("tells of %s (%s)", (code, what, messages) => {
    const found = of(...messages);
    expect([found.code, found.what]).toEqual([code, expect.stringMatching(what)]);
  });

  it("before the peer ended it is history, as without -v no success is logged", () => {
    const deleted =
      "Peer 198.51.100.11 made us delete live SA from-10.10.0.0/24-to-10.20.1.0/24 for proto 3";
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

  it("before the last success is history, and of others is another's", () => {
    expect(
      of(dropped("NO_PROPOSAL_CHOSEN"), "quick mode done: src: 10.10.0.2 dst: 198.51.100.11").code,
    ).toBe("unknown");
    expect(of(dropped("NO_PROPOSAL_CHOSEN").replace("100.11", "100.110")).code).toBe("unknown");
  });
});

describe("without the log", () => {
  it.each<[string, Partial<Facts>]>([
    ["disabled", { tunnel: { ...west, enabled: false }, record: "disabled" }],
    ["not-on-gateway", { record: undefined }],
    ["by-hand", { record: "down" }],
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

  it("an established tunnel whose probe cannot be sent says why", () => {
    const probe = { ...established.probe, error: "ping: can't assign" } as TunnelStatus["probe"];
    expect(cause([], { status: { ...established, probe } })).toMatchObject({
      code: "probe",
      field: "probe.source",
    });
  });
});

it("what the gateway answers becomes facts, with what the leak guard stopped", () => {
  const live = liveText({ tunnels: [{ tunnel: west, probe: "3 0 -", crossed: [0, 3] }] });
  const text = `${live}--- icmp
--- ping
2 packets transmitted, 2 packets received, 0.0% packet loss
--- counts
block drop in log quick on vio0 from <remote_nets> to any
  [ Evaluations: 10        Packets: 0         Bytes: 0           States: 0     ]
block return out log quick on vio0 from any to <remote_nets>
  [ Evaluations: 10        Packets: 7         Bytes: 588         States: 0     ]
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
  });
  const { cause: why, notes } = diagnose(found);
  expect(why.code).toBe("not-answered");
  expect(notes.join("\n")).toMatch(/7 packets .* leak guard[^]*pflog: .*10\.20\.1\.100/);
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
      noise.forEach(openbsdName);
    }),
  );
});
