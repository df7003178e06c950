import fc from "fast-check";
import type { Daemon } from "../../../../config/schema";
import { daemonOf, importFiles } from "../../../../operate/import";
import { stackYaml } from "../../../../operate/import/yaml";

const KEY = "vK3c9m2QpT7xWz4Lr8Ns6Yb1Hd5Fg0Ja";
const TODAY = "2026-11-24";
/** 90 days later. */
const DAY = "2027-02-22";

function imported(daemon: Daemon, text: string) {
  return importFiles(daemon, [{ file: "f", text }], { today: TODAY });
}

/** `LINE KIND: REASON` of every note. */
function notes(daemon: Daemon, text: string): string[] {
  return imported(daemon, text).notes.map(
    ({ line, kind, reason }) => `${line ?? 0} ${kind}: ${reason}`,
  );
}

const NETS = "from 10.0.0.0/24 to 10.1.0.0/24";
const IDS = "srcid a.example.net dstid b.example.net";
const STRONG = "main auth hmac-sha2-256 enc aes-256 group modp2048 lifetime 28800";
const QUICK = "quick auth hmac-sha2-256 enc aes-256 group modp2048 lifetime 3600";

/** Completes what the case is about to a rule that nothing else is to be said of. */
function ike({ mode = "", nets = NETS, peer = "peer 192.0.2.1", ids = IDS, more = "" }): string {
  return `ike ${mode} ${nets} ${peer} ${STRONG} ${QUICK} ${ids} psk ${KEY} ${more}`;
}

function ikev2({ mode = "active", nets = NETS, peer = "peer 192.0.2.1", ids = IDS, more = "" }) {
  const proposals =
    "ikesa enc aes-256 auth hmac-sha2-256 prf hmac-sha2-256 group modp2048 " +
    "childsa enc aes-256 auth hmac-sha2-256 group modp2048";
  const times = "ikelifetime 28800 lifetime 3600 bytes 68719476736";
  return `ikev2 ${mode} ${nets} ${peer} ${proposals} ${ids} ${times} psk ${KEY} ${more}`;
}

const TUNNEL = {
  name: "b",
  peer: "192.0.2.1",
  local: ["10.0.0.0/24"],
  remote: ["10.1.0.0/24"],
  localId: "a.example.net",
  remoteId: "b.example.net",
  mode: "active",
  profile: "compat",
  psk: "psk-b",
};

describe("a rule of ipsec.conf becomes", () => {
  it.each<[string, object]>([
    [ike({}), TUNNEL],
    [ike({ mode: "passive esp tunnel" }), { ...TUNNEL, mode: "passive" }],
    [ike({ more: "tag vpn-vienna" }), { ...TUNNEL, name: "vienna", psk: "psk-vienna" }],
    [ike({ more: 'tag "Vienna Office 2"' }), { name: "vienna-office-2" }],
    [ike({ more: 'tag "$id"' }), { name: "b" }],
    [ike({ ids: "srcid a dstid 192.0.2.1" }), { name: "peer-192-0-2-1", remoteId: "192.0.2.1" }],
    [ike({ ids: "srcid a dstid admin@vienna.example.net" }), { name: "vienna" }],
    [
      ike({ nets: "from { 10.0.0.0/24, 10.0.1.0/24 } to 10.1.0.0/24" }),
      { local: ["10.0.0.0/24", "10.0.1.0/24"], remote: ["10.1.0.0/24"] },
    ],
    [
      `${ike({})}\n${ike({ nets: "from 10.0.0.0/24 to 10.2.0.0/24" })}`,
      { remote: ["10.1.0.0/24", "10.2.0.0/24"] },
    ],
    [
      ike({ nets: "proto tcp from 10.0.0.0/24 to 10.1.0.5/32 port 443" }),
      { remote: ["10.1.0.5/32"], traffic: [{ protocol: "tcp", remotePort: 443 }] },
    ],
    [ike({ nets: `proto 47 ${NETS}` }), { traffic: [{ protocol: "gre" }] }],
    [
      ike({ nets: "from 10.99.0.1 (10.0.0.0/24) to 10.1.0.0/24" }),
      { local: ["10.0.0.0/24"], nat: { address: "10.99.0.1" } },
    ],
    [
      ike({ nets: "from 10.99.0.0/24 (10.0.0.0/24) to 10.1.0.0/24" }),
      { local: ["10.0.0.0/24"], nat: { networks: [{ local: "10.0.0.0/24", as: "10.99.0.0/24" }] } },
    ],
    [
      [
        ike({ nets: "from 10.99.0.0/24 (10.0.0.0/24) to 10.1.0.0/24" }),
        ike({ nets: "from 10.99.2.0/24 (10.0.2.0/24) to 10.1.0.0/24" }),
        ike({ nets: "from 10.0.4.0/24 to 10.1.0.0/24" }),
      ].join("\n"),
      {
        local: ["10.0.0.0/24", "10.0.2.0/24", "10.0.4.0/24"],
        nat: {
          networks: [
            { local: "10.0.0.0/24", as: "10.99.0.0/24" },
            { local: "10.0.2.0/24", as: "10.99.2.0/24" },
          ],
        },
      },
    ],
    [ike({ nets: "from 2001:db8::/64 to 2001:db8:1::/64" }), { local: ["2001:db8::/64"] }],
    [ike({}).replace(KEY, `0x${Buffer.from(KEY).toString("hex")}`), { ...TUNNEL, psk: "psk-b" }],
    [
      ike({}).replace(STRONG, "main auth hmac-sha2-256 enc aes-2 group grp19 lifetime 8h"),
      { phase1: { encryption: "aes-256", group: "ecp256", lifetime: 28800 } },
    ],
    [
      ike({}).replace(QUICK, "quick enc aes-256-gcm group none lifetime 20m"),
      { phase2: { encryption: "aes-256-gcm", group: "none", lifetime: 1200 } },
    ],
    [
      ike({}).replace(STRONG, "").replace(QUICK, ""),
      {
        phase1: {
          encryption: "aes-128",
          integrity: "hmac-sha1",
          group: "modp3072",
          lifetime: 3600,
        },
        phase2: {
          encryption: "aes-128",
          integrity: "hmac-sha2-256",
          group: "modp3072",
          lifetime: 1200,
        },
      },
    ],
  ])("%s", (text, tunnel) => {
    const { tunnels } = imported("isakmpd", text);
    expect(tunnels).toHaveLength(1);
    expect(tunnels[0]).toMatchObject(tunnel);
  });

  it.each([
    [ike({}), []],
    [ike({ mode: "dynamic" }), ["1 changed: dynamic becomes active"]],
    [
      ike({ peer: "local 10.0.0.1 peer 192.0.2.1" }),
      ["1 check: spoke from 10.0.0.1, the stack speaks from network.address"],
    ],
    [
      ike({ ids: "srcid a" }),
      ["1 changed: no dstid: the stack expects the peer's address as its identity"],
    ],
    [
      ike({ ids: "dstid b" }),
      ["1 changed: no srcid: the daemon sent its address, the stack sends network.publicAddress"],
    ],
    [ike({ nets: "from 10.0.0.9 to 10.1.0.0/24" }), ["1 changed: 10.0.0.9 becomes 10.0.0.9/32"]],
    [
      ike({ nets: "from 10.0.0.9/24 to 10.1.0.0/24" }),
      ["1 changed: 10.0.0.9/24 becomes 10.0.0.0/24"],
    ],
    [
      ike({}).replace(KEY, "short"),
      [`1 changed: is allowed until ${DAY} only: a pre-shared key that is 5 characters long`],
    ],
    [
      ike({}).replace(KEY, "0x00ff"),
      [
        `1 changed: is allowed until ${DAY} only: a pre-shared key that is written in hexadecimal and is 2 bytes long`,
      ],
    ],
  ])("%s, and says so", (text, said) => {
    expect(imported("isakmpd", text).tunnels).toHaveLength(1);
    expect(notes("isakmpd", text)).toEqual(said);
  });

  it.each([
    [ike({ mode: "ah" }), "is ah"],
    [ike({ mode: "ipcomp" }), "is ipcomp"],
    [ike({ mode: "esp transport" }), "is transport mode"],
    [ike({}).replace("main", "aggressive"), "is aggressive mode, which gives the key away"],
    [ike({}).replace("quick", "quick comp deflate"), "compresses"],
    [ike({ peer: "" }), "has no peer of its own, so anybody may answer"],
    [ike({ peer: "peer any" }), "has no peer of its own, so anybody may answer"],
    [ike({ peer: "peer vpn" }), "peer vpn is no single address"],
    [
      ike({ nets: "from any to 10.1.0.0/24" }),
      "any covers every network, the gateway's own with it",
    ],
    [ike({ nets: "from egress to 10.1.0.0/24" }), "egress is an interface or a host name"],
    [ike({ nets: `proto ospf ${NETS}` }), "protocol ospf cannot be declared"],
    [
      ike({ nets: "proto tcp from 10.0.0.0/24 to 10.1.0.0/24 port ssh" }),
      "a port is given by name",
    ],
    [
      ike({ nets: "from 10.99.0.0/25 (10.0.0.0/24) to 10.1.0.0/24" }),
      "translates 10.0.0.0/24 to 10.99.0.0/25, which is neither one address for all nor a network of its size",
    ],
    [
      `ike interface sec0 peer 192.0.2.1 psk ${KEY}`,
      "runs over sec0, and /etc/hostname.sec0 of the old gateway was not given",
    ],
    ["flow esp from 10.0.0.0/24 to 10.1.0.0/24 type deny", "a flow of type deny"],
    ["flow esp from 10.0.0.0/24 to 10.1.0.0/24 peer 192.0.2.1", "a flow without IKE"],
    ["esp from 192.0.2.1 to 192.0.2.2 spi 0x100:0x101", "keys by hand"],
    ["tcpmd5 from 192.0.2.1 to 192.0.2.2 spi 0x100", "TCP MD5 signatures"],
    [`ike ${NETS} psk`, "syntax error after psk"],
  ])("nothing: %s", (text, reason) => {
    expect(imported("isakmpd", `\n${text}`).tunnels).toEqual([]);
    expect(notes("isakmpd", `\n${text}`)).toEqual([`2 left out: ${reason}`]);
  });
});

describe("a policy of iked.conf becomes", () => {
  it.each<[string, object]>([
    [ikev2({}), { name: "b", phase2: { encryption: "aes-256", bytes: 68719476736 } }],
    [ikev2({ mode: "passive" }), { mode: "passive" }],
    [ikev2({ mode: '"Vienna" active' }), { name: "vienna", psk: "psk-vienna" }],
    [ikev2({ mode: '"1. Office" active' }), { name: "office" }],
    [ikev2({ more: 'tag "vpn-linz"' }), { name: "linz" }],
    [
      ikev2({ nets: `${NETS} from 10.0.0.0/24 to 10.2.0.0/24` }),
      { local: ["10.0.0.0/24"], remote: ["10.1.0.0/24", "10.2.0.0/24"] },
    ],
    [
      ikev2({ nets: `proto { tcp, udp } ${NETS}` }),
      { traffic: [{ protocol: "tcp" }, { protocol: "udp" }] },
    ],
    [ikev2({ peer: "peer 192.0.2.1/32" }), { peer: "192.0.2.1" }],
    [ikev2({ peer: "peer vpn.example.net" }), { peer: "vpn.example.net" }],
    [
      ikev2({ peer: "peer any", mode: "passive" }),
      { name: "b", peer: "any", mode: "passive", remoteId: "b.example.net" },
    ],
    [ikev2({}).replace(" bytes 68719476736", ""), { profile: "compat" }],
    [
      ikev2({ ids: 'srcid "/C=AT/CN=a" dstid "/C=AT/O=B AG/CN=b"' }),
      { name: "b", localId: "/C=AT/CN=a", remoteId: "/C=AT/O=B AG/CN=b" },
    ],
    [
      ikev2({}).replace("28800 lifetime 3600", "172800 lifetime 172800"),
      { phase1: { lifetime: 172800 }, phase2: { lifetime: 172800 }, exception: { expires: DAY } },
    ],
    [
      ikev2({}).replace("ikesa", "ikesa enc aes-256-gcm prf hmac-sha2-384 group ecp384 ikesa"),
      {
        phase1: [
          { encryption: "aes-256-gcm", prf: "hmac-sha2-384", group: "ecp384", lifetime: 28800 },
          { encryption: "aes-256", integrity: "hmac-sha2-256", group: "modp2048", lifetime: 28800 },
        ],
        phase2: { encryption: "aes-256" },
      },
    ],
    [ikev2({}).replace(KEY, '"two words"'), { psk: "psk-b", exception: { expires: DAY } }],
    [
      ikev2({}).replace("childsa enc aes-256 auth hmac-sha2-256", "childsa enc aes-256-gcm noesn"),
      { phase2: { encryption: "aes-256-gcm", esn: false } },
    ],
    [
      ikev2({}).replace("prf hmac-sha2-256", "prf hmac-sha2-512"),
      { phase1: { integrity: "hmac-sha2-256", prf: "hmac-sha2-512" } },
    ],
    [
      ikev2({}).replace(/ikesa .* srcid/, "srcid"),
      {
        phase1: { encryption: "aes-256", integrity: "hmac-sha2-256", group: "curve25519" },
        phase2: { encryption: "aes-256", integrity: "hmac-sha2-256", group: "none" },
      },
    ],
    [
      ikev2({}).replace(/ikelifetime.* psk/, "psk"),
      { phase1: { lifetime: 28800 }, phase2: { lifetime: 10800 } },
    ],
  ])("%s", (text, tunnel) => {
    const { tunnels } = imported("iked", text);
    expect(tunnels).toHaveLength(1);
    expect(tunnels[0]).toMatchObject(tunnel);
  });

  it.each([
    [ikev2({}), []],
    [
      ikev2({}).replace("ikesa", "ikesa enc aes-128"),
      ["1 changed: several enc in ikesa: iked offered aes-128 or aes-256; declared: aes-128"],
    ],
    [
      ikev2({}).replace("ikelifetime 28800", ""),
      ["1 changed: no ikelifetime: the IKE SA was never renewed"],
    ],
    [ikev2({ mode: "active natt" }), ["1 left out: natt"]],
    [ikev2({ more: "config name-server 10.0.0.53" }), ["1 left out: config name-server"]],
    [ikev2({ more: "tap enc1" }), ["1 left out: tap"]],
    [`set nomobike\n${ikev2({})}`, ["1 left out: set nomobike"]],
    [`set ocsp "http://ocsp.example.net"\n${ikev2({})}`, ["1 left out: set ocsp"]],
    [`user "a" "b"\n${ikev2({})}`, ["1 left out: an EAP user"]],
    [
      ikev2({}).replace(`psk ${KEY}`, 'psk file "/etc/iked/k"'),
      ["1 changed: the key is in a file of its own, which was not read"],
    ],
  ])("%s, and says so", (text, said) => {
    expect(imported("iked", text).tunnels).toHaveLength(1);
    expect(notes("iked", text)).toEqual(said);
  });

  it.each([
    [ikev2({ mode: "skip" }), "lets the traffic pass by"],
    [ikev2({ mode: "active ah" }), "is ah"],
    [ikev2({ mode: "active transport" }), "is transport mode"],
    [ikev2({ mode: "active ipcomp" }), "compresses"],
    [ikev2({ more: "iface sec0" }), "negotiates networks of its own over sec0"],
    [ikev2({}).replace(`psk ${KEY}`, 'eap "mschap-v2"'), "authenticates users by EAP"],
    [ikev2({ nets: "from any to dynamic" }), "any covers every network, the gateway's own with it"],
    [ikev2({ nets: "from 10.0.0.0/24 to dynamic" }), "dynamic is for road warriors"],
    [
      ikev2({ peer: "peer any", mode: "passive", ids: "srcid a" }),
      "has no peer of its own, so anybody may answer",
    ],
    [ikev2({ peer: "peer 192.0.2.0/24" }), "peer 192.0.2.0/24 is no single address"],
    [
      ikev2({ ids: 'srcid a dstid "/C=AT/CN=b*"' }),
      "has an identity in a form that the stack does not write",
    ],
    [`ike ${NETS} psk ${KEY}`, "a rule of ipsec.conf(5), which iked skips"],
  ])("nothing: %s", (text, reason) => {
    expect(imported("iked", `\n${text}`).tunnels).toEqual([]);
    expect(notes("iked", `\n${text}`)).toEqual([`2 left out: ${reason}`]);
  });

  it("with the settings that the stack has too", () => {
    const set = "set dpd_check_interval 45\nset fragmentation\n";
    expect(imported("iked", `${set}${ikev2({})}`).settings).toEqual({ deadPeerSeconds: 45 });
    expect(imported("iked", ikev2({})).settings).toEqual({ fragmentation: false });
  });
});

it("pairs that are no cross product stay pairs, each with what it carries", () => {
  const rules = [
    ike({}),
    ike({ nets: "proto tcp from 10.9.0.0/24 to 10.2.0.0/24 port 443" }),
    ike({ nets: "proto icmp from 10.9.0.0/24 to 10.2.0.0/24" }),
  ];
  const text = rules.join("\n");
  expect(imported("isakmpd", text).tunnels).toMatchObject([
    {
      pairs: [
        { local: "10.0.0.0/24", remote: "10.1.0.0/24" },
        {
          local: "10.9.0.0/24",
          remote: "10.2.0.0/24",
          traffic: [{ protocol: "tcp", remotePort: 443 }, { protocol: "icmp" }],
        },
      ],
    },
  ]);
  expect(notes("isakmpd", text)).toEqual([]);
});

it("as many pairs as a file has", () => {
  const pairs = Array.from({ length: 3000 }, (_, index) => {
    const [high, low] = [Math.floor(index / 250), index % 250];
    return `from 10.${high}.${low}.0/24 to 172.${16 + high}.${low}.0/24`;
  });
  const { tunnels } = imported("iked", ikev2({ nets: pairs.join(", ") }));
  expect(tunnels.map((one) => one.pairs?.length)).toEqual([3000]);
});

it("two tunnels never get one name", () => {
  const second = ikev2({ peer: "peer 192.0.2.2", nets: "from 10.0.0.0/24 to 10.3.0.0/24" });
  const names = imported("iked", `${ikev2({})}\n${second}`).tunnels.map(({ name }) => name);
  expect(names).toEqual(["b", "b-2"]);
});

it("says what the stack would still refuse", () => {
  const { problems } = imported("iked", `${ikev2({})}\n${ikev2({})}`);
  expect(problems.map(({ code }) => code)).toContain("GW031");
});

it("keeps the keys out of everything but the keys", () => {
  const second = ike({ peer: "peer 192.0.2.2" }).replace(KEY, `"${KEY}#"`);
  const { keys, ...rest } = imported("isakmpd", `${ike({})}\n${second}`);
  expect([...keys]).toEqual([
    ["psk-b", KEY],
    ["psk-b-2", `${KEY}#`],
  ]);
  expect(JSON.stringify(rest)).not.toContain(KEY);
  expect(stackYaml(rest)).not.toContain(KEY);
});

it.each([
  [ikev2({}), "iked"],
  [ike({}), "isakmpd"],
  ["flow esp from 10.0.0.0/24 to 10.1.0.0/24", "isakmpd"],
  ["# nothing\n", undefined],
])("%.30s… is told to be of %s", (text, daemon) => {
  expect(daemonOf({ file: "f", text })).toBe(daemon);
});

it("no text makes it throw", () => {
  const words = fc.constantFrom(
    ...["ike", "ikev2", "esp", "from", "to", "peer", "main", "quick", "enc", "aes", "psk", "ikesa"],
    ...["10.0.0.1", "10.0.0.0", "/24", "any", "x", '"', "\n", `psk ${KEY}`, ike({}), ikev2({})],
  );
  const text = fc.array(words, { maxLength: 60 }).map((some) => some.join(" "));
  fc.assert(
    fc.property(text, (some) => {
      imported("iked", some);
      imported("isakmpd", some);
    }),
  );
});
