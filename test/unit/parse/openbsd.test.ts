import { parsePfStates } from "../../../parse/flows";
import { parseGwctlState } from "../../../parse/gwctlState";
import { parseChildSa, parseIkeFlow, parseIkeSa } from "../../../parse/ikectl";
import { parseIkedEvents } from "../../../parse/ikedEvents";
import { parseFlow } from "../../../parse/ipsecctl";
import { parseSaDetails } from "../../../parse/ipsecctlVerbose";
import { parseIsakmpdResult } from "../../../parse/isakmpdResult";
import { parseRuleCounts } from "../../../parse/pfctlRules";
import { parseSecInterfaces, parseSecRoutes } from "../../../parse/secInterfaces";
import { printed } from "../support/openbsd";

const rows = (name: string) => printed(name).split("\n");

describe("isakmpd's report", () => {
  const sas = parseIsakmpdResult(printed("isakmpd-report"));

  it("has both SPIs of each child SA, though a blank follows them", () => {
    expect(sas.map(({ phase, spis }) => [phase, ...spis])).toEqual([
      [1],
      [2, "9637c0f6", "53232ffa"],
      [2, "5e0dfb55", "a524dec3"],
      [1],
    ]);
  });

  it("says which networks a child SA carries, and how long", () => {
    expect(sas[1]).toMatchObject({
      pair: { from: "10.10.0.0/24", to: "10.20.2.0/24" },
      source: "10.10.0.2",
      destination: "198.51.100.12",
      lifetime: 3600,
      remaining: 3586,
    });
  });

  it.each([
    ["from-10.99.0.1-to-10.20.2.0/24", { from: "10.99.0.1", to: "10.20.2.0/24" }],
    [
      "from-10.1.0.0/24=6-to-10.2.0.0/24=6:80",
      { from: "10.1.0.0/24", to: "10.2.0.0/24", protocol: 6, toPort: 80 },
    ],
    ["from-192.0.2.1=47-to-192.0.2.2=47", { from: "192.0.2.1", to: "192.0.2.2", protocol: 47 }],
    ["from-fd00:1::1-to-fd00:2::/64", { from: "fd00:1::1", to: "fd00:2::/64" }],
    ["from-sec1-to-sec1", undefined],
    ["peer-192.0.2.2-local-192.0.2.1", undefined],
  ])("is read from the name %s", (name, pair) => {
    expect(parseIsakmpdResult(`SA name: ${name} (Phase 2)\n`)[0]?.pair).toEqual(pair);
  });
});

describe("the kernel's SAs", () => {
  it.each(["ipsecctl-sa-iked", "ipsecctl-sa-isakmpd"])("%s: both directions compare", (name) => {
    const sas = parseSaDetails(rows(name));
    const [first] = sas;
    expect(sas.every(({ state, added, lastUsed }) => state && added && lastUsed)).toBe(true);
    expect(sas.every(({ udpencapPort }) => udpencapPort === 4500)).toBe(true);
    // Pings and their answers: as many bytes went out as came in.
    const carried = sas.map(({ bytesIn = 0, bytesOut = 0 }) => bytesIn + bytesOut);
    expect(new Set(carried).size).toBe(1);
    expect(first).toMatchObject({ lifetime: 3600, droppedIn: 0, droppedOut: 0 });
  });

  it("are counted also where there is one of a thing", () => {
    expect(parseSaDetails(rows("ipsecctl-sa-singular"))).toMatchObject([
      { packetsIn: 0, packetsOut: 1, bytesOut: 104, droppedIn: 0 },
      { packetsIn: 77, packetsOut: 0, bytesIn: 7904, droppedIn: 1 },
    ]);
    const one = printed("ipsecctl-sa-singular")
      .replace("0 input packets", "1 input packet")
      .replace("0 input bytes, decompressed", "1 input byte, decompressed")
      .replace("0 packets dropped on output", "1 packet dropped on output");
    expect(parseSaDetails(one.split("\n"))[0]).toMatchObject({
      ...{ packetsIn: 1, bytesIn: 1, droppedOut: 1 },
    });
  });

  it("name the interface of a route-based tunnel", () => {
    const found = parseSaDetails(rows("ipsecctl-sa-sec"));
    expect(found.map((sa) => sa.interface)).toEqual(["sec0", "sec0"]);
    expect(parseSaDetails(rows("ipsecctl-sa-iked"))[0]?.interface).toBeUndefined();
  });
});

describe("the kernel's flows", () => {
  it("are all read", () => {
    const lines = rows("ipsecctl-flow").filter((line) => line !== "");
    expect(lines.filter((line) => parseFlow(line) === undefined)).toEqual([]);
  });

  it("name what they carry, with ports as names", () => {
    const found = rows("ipsecctl-flow").map(parseFlow);
    const carried = found.filter((flow) => flow?.direction === "out" && flow.carries !== undefined);
    expect(carried.map((flow) => [flow?.carries, flow?.fromPort, flow?.toPort])).toEqual([
      ["icmp", undefined, undefined],
      ["tcp", undefined, undefined],
      ["tcp", undefined, "www"],
      ["tcp", undefined, "https"],
      ["gre", undefined, undefined],
      ["ipencap", undefined, undefined],
    ]);
  });
});

describe("iked's SAs", () => {
  const flowsOf = (name: string) =>
    rows(name)
      .map(parseIkeFlow)
      .filter((flow) => flow?.direction === "out");

  it("are all read", () => {
    for (const name of ["ikectl-policy", "ikectl-nat", "ikectl-sec", "ikectl-ipv6"]) {
      const lines = rows(name).filter((line) => /^iked_sas|^ {2}sa_/.test(line));
      const missed = lines.filter(
        (line) => !parseIkeSa(line) && !parseChildSa(line) && !parseIkeFlow(line),
      );
      expect(missed).toEqual([]);
    }
  });

  it("show the network before its translation, and the protocol", () => {
    expect(flowsOf("ikectl-nat")).toMatchObject([
      { from: "10.10.0.0/24", behind: undefined, protocol: 1, loaded: true },
      { from: "10.10.0.0/24", behind: undefined, protocol: 6, loaded: true },
      { from: "10.99.0.1/32", behind: "10.10.0.0/24", protocol: 0, loaded: true },
    ]);
  });

  it("of a route-based tunnel have flows that the kernel never has", () => {
    const west = flowsOf("ikectl-sec").filter((flow) => flow?.ike === "0x297e6f720");
    expect(west).toMatchObject([
      { from: "0.0.0.0/0", to: "0.0.0.0/0", loaded: false },
      { from: "::/0", to: "::/0", loaded: false },
    ]);
  });
});

it("iked's log says nothing of a cipher that it does not name", () => {
  const { children, ike } = parseIkedEvents(rows("iked-log"));
  expect(children.map(({ encryption, group }) => [encryption, group])).toEqual([
    [undefined, undefined],
    // The first child SA takes its keys from the IKE SA; its successors have a group.
    ["aes-256-gcm", undefined],
    ["aes-256-gcm", "ecp384"],
    ["aes-256-gcm", "ecp384"],
  ]);
  expect(ike).toMatchObject([{ group: "sntrup761x25519" }, { group: "curve25519" }]);
});

describe("pfctl", () => {
  it("counts for each rule", () => {
    const counts = parseRuleCounts(rows("pfctl-rules"));
    expect(counts).toHaveLength(6);
    expect(counts[5]).toEqual({
      rule: "pass out quick on vio0 proto udp from (vio0) to <vpn_peers> port = 4500",
      ...{ evaluations: 2, packets: 102, bytes: 17006, states: 2 },
    });
  });

  it("leaves no blank after a number of states as wide as its column", () => {
    const [one] = parseRuleCounts([
      "pass all",
      "  [ Evaluations: 2         Packets: 102       Bytes: 17006       States: 123456]",
    ]);
    expect(one?.states).toBe(123456);
  });

  it("shows the states of UDP 4500, and where a firewall sends the answers", () => {
    const flows = parsePfStates(rows("pfctl-states"), "10.10.0.2");
    expect(flows.map(({ by, peer }) => [by, peer.host])).toEqual([
      ["gateway", "198.51.100.12"],
      ["gateway", "198.51.100.11"],
    ]);
    const replyTo =
      "all udp 10.10.0.2:4500 (198.51.100.1:4500) {198.51.100.254} <- 198.51.100.11:4500       MULTIPLE:MULTIPLE";
    expect(parsePfStates([replyTo], "10.10.0.2")).toMatchObject([
      { by: "peer", outside: { host: "198.51.100.1", port: 4500 } },
    ]);
  });

  it("says that it is on", () => {
    expect(parseGwctlState(`--- pf\n${printed("pfctl-info")}`).pf.enabled).toBe(true);
  });
});

describe("interfaces of route-based tunnels", () => {
  it("have addresses of both ends", () => {
    expect(parseSecInterfaces(rows("ifconfig-sec"))).toEqual([
      { name: "sec1", up: true, addresses: [{ near: "10.255.1.1", far: "10.255.1.2" }] },
      { name: "sec2", up: true, addresses: [{ near: "10.255.2.1", far: "10.255.2.2" }] },
    ]);
  });

  it("of GRE have the two gateways' addresses too, which are none of the interface's own", () => {
    expect(parseSecInterfaces(rows("ifconfig-gre"))).toEqual([
      {
        ...{ name: "gre1", up: true, ends: { near: "192.0.2.1", far: "192.0.2.2" } },
        addresses: [{ near: "10.254.1.1", far: "10.254.1.2" }],
      },
    ]);
  });

  it("may be down, bare, or of IPv6", () => {
    const found = parseSecInterfaces([
      "sec0: flags=8010<POINTOPOINT,MULTICAST> mtu 1280",
      "\tindex 5 priority 0 llprio 3",
      "\tgroups: sec",
      "sec3: flags=8051<UP,POINTOPOINT,RUNNING,MULTICAST> mtu 1400",
      "\tinet6 fe80::1%sec3 -->  prefixlen 64 scopeid 0x9",
      "\tinet6 2001:db8::2 --> 2001:db8::1 prefixlen 128",
      "vio0: flags=8843<UP,BROADCAST,RUNNING,SIMPLEX,MULTICAST> mtu 1500",
      "\tinet 10.10.0.2 netmask 0xffffff00 broadcast 10.10.0.255",
    ]);
    expect(found).toEqual([
      { name: "sec0", up: false, addresses: [] },
      {
        name: "sec3",
        up: true,
        addresses: [{ near: "fe80::1" }, { near: "2001:db8::2", far: "2001:db8::1" }],
      },
    ]);
  });

  it("have routes, which netstat shortens", () => {
    expect(parseSecRoutes(rows("netstat-rn"))).toEqual(
      [
        ["10.2.0.0/24", "sec1", 8],
        ["10.2.0.0/24", "sec2", 12],
        ["10.255.1.1", "sec1", 1],
        ["10.255.1.2", "sec1", 8],
        ["10.255.2.1", "sec2", 1],
        ["10.255.2.2", "sec2", 8],
      ].map(([destination, name, priority]) => ({
        ...{ destination, interface: name, usable: true, priority },
      })),
    );
    const down = printed("netstat-rn").replaceAll("UGS", "GS").split("\n");
    expect(parseSecRoutes(down)[0]).toMatchObject({ destination: "10.2.0.0/24", usable: false });
  });
});
