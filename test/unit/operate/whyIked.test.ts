import { selectors as selectorsDiffer } from "../../../operate/why/causes";
import { diagnose } from "../../../operate/why/diagnose";
import type { Facts } from "../../../operate/why/facts";
import { parseLogLine } from "../../../parse/daemonLog";
import {
  PEER,
  PEER_T,
  spi,
  asked,
  answered,
  authenticated,
  up,
  knocked,
  knockedTwice,
} from "./support/ikedMessages";
import { facts, west } from "./support/whyFacts";

const cause = (messages: readonly string[], more: Partial<Facts> = {}) =>
  diagnose(facts(more, messages)).cause;

test("a peer does not put itself into the story of another tunnel by its identity", () => {
  const refused = (id: string) => [
    ...knockedTwice().map((line) =>
      line.replaceAll("198.51.100.11", "203.0.113.7").replace("'west'", "'any'"),
    ),
    spi("ikev2_auth_verify: ikev2_msg_authverify failed"),
    spi(`ikev2_send_auth_failed: authentication failed for FQDN/${id}`),
    spi("sa_free: authentication failed"),
  ];
  for (const id of [
    "x policy 'west'",
    "x peer 198.51.100.11:500",
    "x' policy 'west' as responder (enc aes)",
  ]) {
    expect(cause(refused(id)).code).not.toBe("psk");
    // Also where the log begins after the line that names the policy.
    expect(cause(refused(id).slice(-3)).code).not.toBe("psk");
  }
});

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
      "a refusal of what fits by its words",
      "phase1-proposal",
      /we take none of what the peer offers; ours is encryption aes-256/,
      [
        ...knocked(),
        spi("ikev2_log_proposal: IKE #1 ENCR=AES_CBC-256"),
        spi("ikev2_log_proposal: IKE #1 INTEGR=HMAC_SHA2_256_128"),
        spi("ikev2_log_proposal: IKE #1 PRF=HMAC_SHA2_256"),
        spi("ikev2_log_proposal: IKE #1 DH=ECP_256"),
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
      /takes none of what we offer \(encryption aes-256, integrity hmac-sha2-256, PRF hmac-sha2-256, group ecp256/,
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
    ["a peer that begins and does not go on", "unknown", /^don't know/, knocked()],
    ["nothing", "unknown", /^don't know/, []],
  ])("tells of %s", (_, code, what, messages) => {
    const found = cause(messages);
    expect([found.code, found.what]).toEqual([code, expect.stringMatching(what)]);
    expect(found.fix).not.toBe("");
    if (messages.length > 0) expect(found.evidence[0]?.stamp).toMatch(/^Nov 24 00:0/);
  });

  it("says of kind gre what is negotiated, which are not its networks", () => {
    const selectors = [{ local: "192.0.2.1/32", remote: "198.51.100.11/32", protocol: "gre" }];
    const gre = { ...west, kind: "gre", selectors } as typeof west;
    const refused = cause(
      [...authenticated(1, 80), spi("sa_free: authentication failed notification from peer")],
      { tunnel: gre },
    );
    expect(refused.fix).toMatch(
      /the peer has transport mode for GRE between 198\.51\.100\.11 and 192\.0\.2\.1\/32$/,
    );
    const others = selectorsDiffer(gre, [], "");
    expect(others.what).toMatch(
      /192\.0\.2\.1\/32 here and 198\.51\.100\.11\/32 there for GRE in transport mode$/,
    );
    expect(others.tell).toMatch(
      /local 198\.51\.100\.11\/32, remote 192\.0\.2\.1\/32, both for GRE in transport mode/,
    );
    const all = [{ local: "0.0.0.0/0", remote: "0.0.0.0/0" }];
    const routed = { ...west, kind: "route", selectors: all } as typeof west;
    expect(selectorsDiffer(routed, [], "").tell).toMatch(
      /local 0\.0\.0\.0\/0, remote 0\.0\.0\.0\/0/,
    );
  });

  it("is compared without an integrity where the encryption has its own", () => {
    const phase1 = { ...west.phase1, encryption: "aes-256-gcm", integrity: undefined };
    const offered = [
      ...knocked(),
      spi("ikev2_log_proposal: IKE #1 ENCR=AES_CBC-128"),
      spi("ikev2_log_proposal: IKE #1 INTEGR=HMAC_SHA2_256_128"),
    ];
    expect(cause(offered, { tunnel: { ...west, phase1 } }).what).toMatch(
      /phase 1: phase1\.encryption: we want aes-256-gcm, the peer offers aes-128$/,
    );
  });

  it("of a tunnel that was up since is history", () => {
    const before = [
      ...authenticated(1, 80),
      spi("sa_free: authentication failed notification from peer"),
    ];
    expect(cause([...before, ...up(2)]).code).toBe("unknown");
    expect(cause([...before, ...up(2), ...asked(3)]).code).toBe("no-answer");
  });

  it("of an attempt that was begun before the last success is history, also where it fails later", () => {
    const overtaken = [...asked(2), ...up(3), spi("sa_free: SA_INIT timeout", 2)];
    expect(cause(overtaken).code).toBe("unknown");
    expect(cause([...overtaken, spi("ikev2_ikesa_recv_delete: received delete", 3)]).code).toBe(
      "peer-deletes",
    );
    // The one that began first may be the one that succeeds last.
    const [first = "", ...rest] = up(2).slice(1);
    expect(cause([first, ...asked(3), ...rest]).code).toBe("unknown");
  });

  it("goes on under another SPI when the IKE SA is rekeyed", () => {
    const rekeyed = [
      ...up(),
      spi("deleted 1 SPI: 0xdf626845"),
      spi("ikev2_ikesa_enable: rekeyed as new IKESA 0x0000000000000002 (enc aes-256 prf hmac)"),
      spi(`retransmit 1 INFORMATIONAL req 0 ${PEER_T}`, 2),
      spi("sa_free: retransmit limit reached", 2),
    ];
    expect(cause(rekeyed).code).toBe("dead-peer");
  });

  it("may begin in the middle of a tunnel's life", () => {
    const tail = [spi(`recv INFORMATIONAL req 2 ${PEER_T}, 80 bytes, policy 'west'`)];
    expect(cause([...tail, spi("ikev2_ikesa_recv_delete: received delete")]).code).toBe(
      "peer-deletes",
    );
    const another = PEER_T.replace("198.51.100.11", "198.51.100.99");
    const gone = [
      spi(`retransmit 5 INFORMATIONAL req 3 ${another}`),
      spi("sa_free: retransmit limit reached"),
    ];
    expect(cause(gone).code).toBe("unknown");
  });

  it("is certain only for as long as newer attempts end in the same place", () => {
    const at = (minute: number, messages: readonly string[]) =>
      messages.map(
        (message) => `Nov 24 00:${String(minute).padStart(2, "0")}:10 gw iked[7]: ${message}`,
      );
    const of = (...rows: string[][]) =>
      diagnose(facts({ log: rows.flat().flatMap((row) => parseLogLine(row) ?? []) })).cause.code;
    const wrongKey = at(1, [
      ...knockedTwice(),
      spi("ikev2_auth_verify: ikev2_msg_authverify failed"),
    ]);
    const refused = spi("sa_free: authentication failed notification from peer", 2);
    expect(of(wrongKey, at(30, [...authenticated(2, 80), refused]))).toBe("psk");
    expect(of(wrongKey, at(2, asked(2)))).toBe("psk");
    expect(of(wrongKey, at(30, asked(2)))).toBe("no-answer");
    const anew = at(2, asked(2)).map((row) => row.replace("iked[7]", "iked[8]"));
    expect(of(wrongKey, anew)).toBe("no-answer");
  });

  it("of a peer that takes the child back at once is not a success", () => {
    const at = "Nov 24 00:08:47 gw iked[7]: ";
    const log = [...up(), spi("deleted 1 SPI: 0xb3cef24f")].flatMap(
      (message) => parseLogLine(at + message) ?? [],
    );
    const { cause: found } = diagnose(facts({ log }));
    expect([found.code, found.what]).toEqual(["selectors", expect.stringMatching(/at once/)]);
    expect(cause([...up(), spi("deleted 1 SPI: 0xb3cef24f")]).code).toBe("peer-deletes");
  });

  it("names a peer that we wait for and that does not come back", () => {
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
    const other = ["IP 198.51.100.11 > 10.10.0.2: ICMP host 10.20.1.100 unreachable, length 36"];
    expect(cause(asked(), { icmp: other }).code).toBe("no-answer");
  });

  it("is shown by its last lines where it repeats itself", () => {
    const again = Array.from({ length: 9 }, (_, n) =>
      spi(`retransmit ${n} IKE_SA_INIT req 0 ${PEER}`),
    );
    expect(cause([...asked(), ...again]).evidence.map(({ text }) => text.split(" ")[2])).toEqual([
      "3",
      "4",
      "5",
      "6",
      "7",
      "8",
    ]);
  });
});
