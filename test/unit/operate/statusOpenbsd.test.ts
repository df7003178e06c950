import { assess } from "../../../operate/status/assess";
import type { TunnelStatus } from "../../../contract/documents/status";
import type { DeclaredTunnel } from "../../../contract/tunnel";
import { parseGwctlLive } from "../../../parse/gwctlLive";
import { printed } from "../support/openbsd";
import { declared, deployed } from "./support/deployed";

interface Printed {
  readonly daemon?: "iked" | "isakmpd";
  readonly flows?: string;
  readonly ike: string;
  readonly sec?: string;
  readonly groups?: string;
  /** `ipsecctl -vv -s sa` as it was before the probes, and after them. */
  readonly counters: readonly [before: string, after: string];
  readonly probe?: string;
  readonly log?: string;
}

/** What gwctl would have said of a gateway whose programs printed this. */
function statusOf(tunnel: DeclaredTunnel, what: Printed): TunnelStatus | undefined {
  const {
    daemon = "iked",
    flows = "",
    ike,
    sec = "",
    groups = "",
    counters,
    probe = "3 3 3.4",
    log = "",
  } = what;
  const text = `--- services
${daemon} on running
--- tunnels
${tunnel.name} ${daemon} up
--- flows
${flows}
--- ike
${ike}
--- sec
${sec}
--- groups
${groups}
--- pf
${printed("pfctl-info")}
--- log
${log}
--- before
${counters[0]}
--- probes
${tunnel.name} ${probe}
--- after
${counters[1]}
`;
  const outputs = { ...deployed, tunnels: [tunnel] };
  return assess(outputs, parseGwctlLive(text), new Date()).tunnels.find(
    ({ name }) => name === tunnel.name,
  );
}

/** The SAs of `ipsecctl -s sa`, as -vv would show them before and after three pings and their answers. */
function counted(sad: string, interfaceOf: (line: string) => string = () => ""): [string, string] {
  const shown = (packets: number) =>
    sad
      .trim()
      .split("\n")
      .map((line) => {
        const [into, out] = line.includes("to 10.10.0.2") ? [packets, 0] : [0, packets];
        const name = interfaceOf(line);
        const counts = `\t\t${into} input packets\n\t\t${out} output packets\n`;
        const own = name === "" ? "" : `\tinterface: ${name} direction out\n`;
        return `@0 ${line}\n\tcounter: \n${counts}\n${own}`;
      })
      .join("");
  return [shown(10), shown(13)];
}

const GCM = { phase2: { encryption: "aes-256-gcm", group: "ecp384", lifetime: 3600 } };
const NAT = { ...GCM, local: ["10.10.0.0/24"], nat: { address: "10.99.0.1" } };
const shownByNat = [{ local: "10.99.0.1/32", remote: "10.20.2.0/24" }];

describe("with iked", () => {
  it("a tunnel with NAT is proven: its flow has the network before the translation", () => {
    const east = declared("east", 2, { ...NAT, kind: "policy", selectors: shownByNat });
    const found = statusOf(east, {
      flows: printed("ipsecctl-flow-nat"),
      ike: printed("ikectl-nat"),
      counters: counted(printed("ipsecctl-sad-nat")),
    });
    expect(found).toMatchObject({
      state: "proven",
      differs: [],
      selectors: [
        { local: "10.10.0.0/24", childSa: { spiIn: "0xf7bd0179", spiOut: "0x815f3a86" } },
      ],
    });
  });

  it("each network that is shown as another one is found by its own flow", () => {
    const nat = { networks: [{ local: "10.10.0.0/24", as: "10.99.0.0/24" }] };
    const shown = [
      { local: "10.99.0.0/24", remote: "10.20.2.0/24" },
      { local: "10.11.0.0/24", remote: "10.20.2.0/24" },
    ];
    const local = ["10.10.0.0/24", "10.11.0.0/24"];
    const east = declared("east", 2, { ...GCM, local, nat, kind: "policy", selectors: shown });
    const second = (text: string) => text.replaceAll("10.10.0.0/24", "10.11.0.0/24");
    const flows = printed("ipsecctl-flow-nat");
    const ike = printed("ikectl-nat").replaceAll("10.99.0.1/32", "10.99.0.0/24");
    const more = ike
      .split("\n")
      .filter((line) => line.includes("10.99.0.0/24"))
      .map((line) => line.replace("[10.10.0.0/24] ", "").replace("10.99.0.0/24", "10.11.0.0/24"))
      .join("\n");
    const what = { ike: `${ike}${more}\n`, counters: counted(printed("ipsecctl-sad-nat")) };
    const both = statusOf(east, { ...what, flows: flows + second(flows) });
    expect(both).toMatchObject({
      differs: [],
      selectors: [
        { local: "10.10.0.0/24", state: "proven" },
        { local: "10.11.0.0/24", childSa: { spiIn: "0xf7bd0179" } },
      ],
    });
    expect(statusOf(east, { ...what, flows })?.selectors).toMatchObject([
      { state: "proven" },
      { state: expect.not.stringMatching("proven|established") as string },
    ]);
  });

  it("a peer of IPv6 is known in its brackets", () => {
    const peer = "2001:db8:51::2";
    const six = declared("six", 1, {
      ...{ peer, local: ["10.1.0.0/24"], remote: ["10.2.0.0/24"], remoteId: "p2.example.test" },
      phase2: { encryption: "aes-128-gcm", group: "curve25519", lifetime: 3600 },
      probe: { source: "10.1.0.1", target: "10.2.0.1" },
    });
    const sa =
      "iked_sas: 0x2ab737720 rspi 0x28da75378469d9d5 ispi 0x43a07c1823f25829 " +
      `[2001:db8:51::1]:500->[${peer}]:500<FQDN/p2.example.test>[] ESTABLISHED i nexti 0x0 pol 0x1`;
    const kernel = (from: string, to: string, spi: string, packets: string) =>
      `@0 esp tunnel from ${from} to ${to} spi ${spi} enc aes-128-gcm\n\tcounter: \n${packets}\n`;
    const counters = (packets: number) =>
      kernel("2001:db8:51::1", peer, "0xff478e0e", `\t\t${packets} output packets`) +
      kernel(peer, "2001:db8:51::1", "0x9cbb2665", `\t\t${packets} input packets`);
    const found = statusOf(six, {
      flows: printed("ipsecctl-flow"),
      ike: `${sa}\n${printed("ikectl-ipv6")}`,
      counters: [counters(2), counters(5)],
    });
    expect(found).toMatchObject({ state: "proven", differs: [], ikeSa: { natt: false } });
  });

  it("that iked logged it as established, as responder, is no proof", () => {
    const found = statusOf(declared("west", 1), {
      ike: "",
      log: "Nov 29 08:54:42 gw2 iked[7]: spi=0x43a07c1823f25829: established peer 198.51.100.11:500[FQDN/west.example.net] local 10.10.0.2:500[FQDN/gw-test.example.net] policy 'west' as responder (enc aes-128-gcm group curve25519 prf hmac-sha2-256)",
      counters: ["", ""],
    });
    expect(found?.state).toBe("down");
  });

  it("a tunnel that carries some protocols only is assessed by each of them", () => {
    const traffic = (["icmp", "tcp"] as const).map((protocol) => ({
      ...{ local: "10.10.0.0/24", remote: "10.20.1.0/24", protocol },
    }));
    const west = declared("west", 1, { selectors: traffic });
    const flows = printed("ipsecctl-flow-nat");
    const what = {
      ike: printed("ikectl-nat"),
      counters: counted(printed("ipsecctl-sad-nat")),
    };
    expect(statusOf(west, { ...what, flows })).toMatchObject({
      state: "proven",
      selectors: [
        { traffic: { protocol: "icmp" }, state: "proven" },
        { traffic: { protocol: "tcp" }, state: "established" },
      ],
    });
    const withoutTcp = flows.replace(/^.*proto tcp.*\n/gm, "");
    expect(statusOf(west, { ...what, flows: withoutTcp })?.state).toBe("negotiating");
  });

  describe("a tunnel of kind gre", () => {
    const gre = declared("gre", 1, {
      ...{ peer: "192.0.2.2", local: ["10.1.0.0/24"], remote: ["10.2.0.0/24"], kind: "gre" },
      gre: { unit: 1, address: "10.254.1.1/30", peerAddress: "10.254.1.2", mtu: 1476 },
      selectors: [{ local: "192.0.2.1/32", remote: "192.0.2.2/32", protocol: "gre" }],
      remoteId: "p.example.test",
      phase2: { encryption: "aes-128-gcm", group: "curve25519", lifetime: 3600 },
      probe: { source: "10.254.1.1", target: "10.254.1.2" },
    });
    // The words before the cookies stand in each such line, and were not kept of this one.
    const ike = [
      "iked_sas: 0x2802f5720 rspi 0x28da75378469d9d5 ispi 0xabf265fe441988d4 192.0.2.1:500->192.0.2.2:500<FQDN/p.example.test>[] ESTABLISHED i nexti 0x0 pol 0x1",
      "  sa_childsas: 0x2802e0540 ESP 0xc51b1182 out 192.0.2.1:500 -> 192.0.2.2:500 (L) B=0x0 P=0x2802dfa80 @0x2802f5720",
      "  sa_childsas: 0x2802dfa80 ESP 0xed2b6540 in 192.0.2.2:500 -> 192.0.2.1:500 (LA) B=0x0 P=0x2802e0540 @0x2802f5720",
      "  sa_flows: 0x2802fdc00 ESP out 192.0.2.1/32 -> 192.0.2.2/32 [47]@-1 (L) @0x2802f5720",
      "  sa_flows: 0x2802fd800 ESP in 192.0.2.2/32 -> 192.0.2.1/32 [47]@-1 (L) @0x2802f5720",
    ].join("\n");
    const counters = (packets: number) =>
      [
        ["192.0.2.1", "192.0.2.2", "0xc51b1182", `\t\t${packets} output packets`],
        ["192.0.2.2", "192.0.2.1", "0xed2b6540", `\t\t${packets} input packets`],
      ]
        .map(
          ([from = "", to = "", spi = "", count = ""]) =>
            `@0 esp transport from ${from} to ${to} spi ${spi} enc aes-128-gcm\n\tcounter: \n${count}\n`,
        )
        .join("");
    const routes =
      "10.2.0/24          10.254.1.2         UGS        1       24     -     8 gre1 \n";
    const what = {
      flows: printed("ipsecctl-flow"),
      ike,
      sec: printed("ifconfig-gre") + routes,
      counters: [counters(2), counters(5)] as const,
    };

    it("is proven by the flow of its GRE, its interface and its route", () => {
      expect(statusOf(gre, what)).toMatchObject({
        ...{ state: "proven", differs: [] },
        selectors: [
          {
            ...{ local: "10.1.0.0/24", remote: "10.2.0.0/24" },
            childSa: { spiIn: "0xed2b6540", spiOut: "0xc51b1182" },
          },
        ],
      });
    });

    it("is not up where no flow takes its GRE, whatever the interface has", () => {
      const flows = what.flows.replace(/^.* proto gre .*\n/gm, "");
      expect(statusOf(gre, { ...what, flows, probe: "3 0 -" })).toMatchObject({
        ...{ state: "negotiating", differs: [] },
      });
    });

    it.each([
      ["is not set up", /^\ttunnel: .*\n/m, ""],
      ["is set up to another gateway", "--> 192.0.2.2 ", "--> 192.0.2.22 "],
      ["is set up from another address", "inet 192.0.2.1 ", "inet 192.0.2.9 "],
    ])("is down where the interface %s", (_why, is, other) => {
      const sec = what.sec.replace(is, other);
      const found = statusOf(gre, { ...what, sec, probe: "3 0 -" });
      expect(found).toMatchObject({
        state: "down",
        differs: [
          expect.stringMatching(/^gre1 is not set up between 192\.0\.2\.1 and 192\.0\.2\.2/),
        ],
      });
    });
  });

  describe("a route-based tunnel", () => {
    const west = declared("west", 1, {
      ...GCM,
      kind: "route",
      sec: { unit: 0, address: "169.254.10.2/30", peerAddress: "169.254.10.1", mtu: 1400 },
      selectors: [{ local: "0.0.0.0/0", remote: "0.0.0.0/0" }],
    });
    const what = {
      ike: printed("ikectl-sec"),
      sec: printed("ifconfig-sec-west") + printed("netstat-sec-west"),
      counters: counted(printed("ipsecctl-sad-sec"), (line) =>
        line.includes("198.51.100.11") ? "sec0" : "",
      ),
    };

    it("is proven without a flow, by its interface, the address of that and its route", () => {
      expect(statusOf(west, what)).toMatchObject({
        state: "proven",
        differs: [],
        ikeSa: { peerId: "FQDN/west.example.net" },
        selectors: [
          {
            ...{ local: "10.10.0.0/24", remote: "10.20.1.0/24" },
            childSa: { spiIn: "0xf81db89c", spiOut: "0x82ce3663" },
          },
        ],
      });
    });

    it("is proven by a probe between its ends, and stands by without its route", () => {
      const ends = { source: "169.254.10.2", target: "169.254.10.1" };
      const member = { ...west, probe: ends, group: { name: "cloud", priority: 1 } };
      const routeless = { ...what, sec: printed("ifconfig-sec-west") };
      expect(statusOf(member, what)).toMatchObject({
        ...{ state: "proven", group: { carries: true, routed: true } },
      });
      expect(statusOf(member, routeless)).toMatchObject({
        state: "down",
        differs: expect.arrayContaining([
          expect.stringContaining("no route to 10.20.1.0/24"),
        ]) as string[],
      });
      const groups = "west cloud 1 off 1795470000 silent, and another tunnel answers";
      expect(statusOf(member, { ...routeless, groups })).toMatchObject({
        ...{ state: "proven", differs: [], group: { carries: false, routed: false } },
      });
    });

    it("is proven also by a probe from the interface's own address", () => {
      const inner = { ...west, probe: { source: "169.254.10.2", target: "10.20.1.100" } };
      expect(statusOf(inner, what)).toMatchObject({
        state: "proven",
        probe: { source: "169.254.10.2" },
      });
    });

    it("is established where nothing answers", () => {
      expect(statusOf(west, { ...what, probe: "3 0 -" })?.state).toBe("established");
    });

    const up = printed("ifconfig-sec-west");
    const routes = printed("netstat-sec-west");
    it.each([
      ["there is no interface", "", /^sec0 does not exist/],
      ["it is not up", up.replace("<UP,", "<"), /^sec0 is down/],
      [
        "it has no address",
        up.replace(/^\tinet .*\n/m, "") + routes,
        /^sec0 has not the address 169\.254\.10\.2/,
      ],
      [
        "its other end is not the peer's",
        up.replace("--> 169.254.10.1", "--> 169.254.10.3") + routes,
        /^sec0 leads to 169\.254\.10\.3, declared 169\.254\.10\.1/,
      ],
      ["there is no route", up, /^no route to 10\.20\.1\.0\/24 through sec0/],
      [
        "the route is not usable",
        up + routes.replace("UGS ", "GS  "),
        /^no route to 10\.20\.1\.0\/24 through sec0/,
      ],
    ])("is down where %s", (_why, sec, reason) => {
      const found = statusOf(west, { ...what, sec });
      expect(found?.state).toBe("down");
      expect(found?.differs[0]).toMatch(reason);
    });

    it("has no SA where the only one is on another interface", () => {
      const other = counted(printed("ipsecctl-sad-sec"), () => "sec7");
      expect(statusOf(west, { ...what, counters: other })?.state).toBe("negotiating");
    });
  });
});

describe("with isakmpd", () => {
  const v1 = { ikeVersion: 1 as const };

  it.each([
    ["west", 1],
    ["east", 2],
  ])("tunnel %s of its real report is proven", (name, site) => {
    const tunnel = declared(name, site, v1);
    const before = printed("ipsecctl-sa-isakmpd");
    const found = statusOf(tunnel, {
      daemon: "isakmpd",
      flows: `flow esp out from 10.10.0.0/24 to 10.20.${site}.0/24 peer ${tunnel.peer} srcid gw-test.example.net dstid ${name}.example.net type require`,
      ike: printed("isakmpd-report"),
      counters: [before, before.replace(/\b18 (in|out)put packets/g, "21 $1put packets")],
    });
    expect(found).toMatchObject({
      state: "proven",
      differs: [],
      selectors: [{ childSa: { packetsIn: 21, bytesIn: 1872, bytesOut: 1872 } }],
    });
  });

  it("a tunnel with NAT is proven: the name of its SA has the translated address", () => {
    const east = declared("east", 2, { ...v1, ...NAT, kind: "policy", selectors: shownByNat });
    for (const shown of ["10.99.0.1", "10.99.0.1/32"]) {
      const found = statusOf(east, {
        daemon: "isakmpd",
        flows: printed("ipsecctl-flow-isakmpd-nat"),
        ike: `SA name: from-${shown}-to-10.20.2.0/24 (Phase 2)
src: 10.10.0.2 dst: 198.51.100.12
SPI 0: 13ec324d\u0020
SPI 1: e235a383\u0020
`,
        counters: counted(printed("ipsecctl-sad-isakmpd-nat")),
      });
      expect(found).toMatchObject({ state: "proven", differs: [] });
    }
  });

  it("a tunnel of some ports has an SA for each", () => {
    const selector = { local: "10.10.0.0/24", remote: "10.20.1.0/24", protocol: "tcp" as const };
    const west = declared("west", 1, {
      ...{ ...v1, probe: undefined },
      selectors: [
        { ...selector, remotePort: 80 },
        { ...selector, remotePort: 443 },
      ],
    });
    const flow = (port: number) =>
      `flow esp out proto tcp from 10.10.0.0/24 to 10.20.1.0/24 port ${port} peer 198.51.100.11 srcid a dstid b type require`;
    const found = statusOf(west, {
      daemon: "isakmpd",
      flows: [80, 443].map(flow).join("\n"),
      ike: printed("isakmpd-report").replace(
        "from-10.10.0.0/24-to-10.20.1.0/24 ",
        "from-10.10.0.0/24=6-to-10.20.1.0/24=6:443 ",
      ),
      counters: [printed("ipsecctl-sa-isakmpd"), printed("ipsecctl-sa-isakmpd")],
    });
    expect(found?.selectors.map(({ traffic, state }) => [traffic?.remotePort, state])).toEqual([
      [80, "negotiating"],
      [443, "established"],
    ]);
  });

  it("a route-based tunnel is found by the name of its interface", () => {
    const west = declared("west", 1, {
      ...{ ...v1, ...GCM, kind: "route", selectors: [{ local: "0.0.0.0/0", remote: "0.0.0.0/0" }] },
      sec: { unit: 0, address: "169.254.10.2/30", peerAddress: "169.254.10.1", mtu: 1400 },
    });
    const sad = printed("ipsecctl-sad-sec");
    const found = statusOf(west, {
      daemon: "isakmpd",
      ike: `SA name: from-sec0-to-sec0 (Phase 2)
src: 10.10.0.2 dst: 198.51.100.11
SPI 0: 82ce3663\u0020
SPI 1: f81db89c\u0020
`,
      sec: printed("ifconfig-sec-west") + printed("netstat-sec-west"),
      counters: counted(sad, (line) => (line.includes("198.51.100.11") ? "sec0" : "")),
    });
    expect(found).toMatchObject({ state: "proven", differs: [] });
  });
});
