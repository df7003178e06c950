import fc from "fast-check";
import { gwctlState } from "../../../contract/gwctl";
import { parseGwctlState } from "../../../parse/gwctlState";
import { inSections } from "../support/sections";

const HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

const SNAPSHOT = `--- gwctl
version 2
--- files
${HASH} 0600 /etc/iked.conf
${HASH} 0600 /etc/iked/west.conf
--- services
isakmpd off stopped
iked on running
gwctl_watch on running -x 1
--- keys
iked ${HASH}
--- tunnels
east iked down
old iked disabled
road iked unresolved
west iked up
--- names
road road.example.net - no name server has an address of road.example.net
west vpn.example.net 198.51.100.11
--- proposals
west since 20761 looked 20787
west ike 20769 enc aes-256 auth hmac-sha2-256 group modp2048 prf hmac-sha2-256
west ike 20765 unknown
west esp 20787 enc aes-256-gcm group unknown
--- flows
flow esp in from 10.20.1.0/24 to 10.10.0.0/24 peer 198.51.100.11 srcid FQDN/gw dstid FQDN/west type require
flow esp out from 10.10.0.0/24 to 10.20.1.0/24 peer 198.51.100.11 srcid FQDN/gw dstid FQDN/west type require
--- sas
esp tunnel from 10.10.0.2 to 198.51.100.11 spi 0x01020304 auth hmac-sha2-512 enc aes-256
esp tunnel from 198.51.100.11 to 10.10.0.2 spi 0x0badcafe auth hmac-sha2-512 enc aes-256
--- ike
iked_sas: 0x9c7f2a rspi 0x0123456789abcdef ispi 0xfedcba9876543210 10.10.0.2:4500->198.51.100.11:4500<FQDN/west>[] ESTABLISHED i natt udpencap nexti 0x0 pol 0x7b
  sa_childsas: 0x9c7f ESP 0x0badcafe in 198.51.100.11:4500 -> 10.10.0.2:4500 (LA) B=0x0 P=0x9c80 @0x9c81
--- sec
sec0: flags=8051<UP,POINTOPOINT,RUNNING,MULTICAST> mtu 1400
	inet 169.254.10.2 --> 169.254.10.1 netmask 0xfffffffc
10.20.1/24         169.254.10.1       UGS        1       24     -     8 sec0
--- groups
west cloud 1 off 1795470000 silent, and another tunnel answers
east cloud 2 on 0
--- pf
Status: Enabled for 3 days 04:05:06              Debug: err

State Table                          Total             Rate
  current entries                       12
--- rules
pf loaded ${HASH}
pf file ${HASH}
sshd trial 1700000060
--- sysctls
net.inet.ip.forwarding=1
net.inet.ip.redirect=0
--- watchdog
daemon iked starts=2 last=1700000100 iked did not run: started
east failures=0 resets=0 last=0${" "}
west failures=3 resets=2 last=1700000000 4 probes from 10.10.0.2 to 10.20.1.100 unanswered: reset, 2 of 24 today
--- uptime
4711
`;

describe("the snapshot of gwctl state", () => {
  const state = parseGwctlState(SNAPSHOT);

  it("is of the contract's form", () => {
    expect(inSections(gwctlState, SNAPSHOT)).toMatchObject({ gwctl: ["version 2"] });
  });

  it("gives every section as values", () => {
    expect(state.version).toBe("2");
    expect(state.files[1]).toEqual({ sha256: HASH, mode: "0600", path: "/etc/iked/west.conf" });
    expect(state.services).toEqual([
      { name: "isakmpd", enabled: false, running: false, flags: "" },
      { name: "iked", enabled: true, running: true, flags: "" },
      { name: "gwctl_watch", enabled: true, running: true, flags: "-x 1" },
    ]);
    expect([...state.names]).toEqual([
      [
        "road",
        {
          host: "road.example.net",
          address: undefined,
          reason: "no name server has an address of road.example.net",
        },
      ],
      ["west", { host: "vpn.example.net", address: "198.51.100.11", reason: undefined }],
    ]);
    expect([...state.proposals]).toEqual([
      [
        "west",
        {
          since: 20761,
          looked: 20787,
          seen: [
            {
              ...{ phase: 1, day: 20769, untold: false, encryption: "aes-256", group: "modp2048" },
              ...{ integrity: "hmac-sha2-256", prf: "hmac-sha2-256" },
            },
            { phase: 1, day: 20765, untold: true },
            { phase: 2, day: 20787, untold: true, encryption: "aes-256-gcm" },
          ],
        },
      ],
    ]);
    expect(state.tunnels).toEqual([
      { name: "east", daemon: "iked", state: "down" },
      { name: "old", daemon: "iked", state: "disabled" },
      { name: "road", daemon: "iked", state: "unresolved" },
      { name: "west", daemon: "iked", state: "up" },
    ]);
    expect(state.flows.map(({ direction }) => direction)).toEqual(["in", "out"]);
    expect(state.sas.map(({ spi }) => spi)).toEqual(["0x01020304", "0x0badcafe"]);
    expect(state.ike.sas.map(({ peerId }) => peerId)).toEqual(["FQDN/west"]);
    expect(state.ike.children).toHaveLength(1);
    expect([...state.groups]).toEqual([
      [
        "west",
        {
          group: "cloud",
          priority: 1,
          routed: false,
          since: 1_795_470_000,
          reason: "silent, and another tunnel answers",
        },
      ],
      ["east", { group: "cloud", priority: 2, routed: true }],
    ]);
    expect(state.sec).toEqual({
      interfaces: [
        { name: "sec0", up: true, addresses: [{ near: "169.254.10.2", far: "169.254.10.1" }] },
      ],
      routes: [{ interface: "sec0", destination: "10.20.1.0/24", usable: true, priority: 8 }],
    });
    expect(state.pf).toEqual({
      ...{ enabled: true, rules: { loaded: HASH, file: HASH }, bootRules: false },
      userRules: { loaded: undefined, file: undefined },
    });
    expect([...state.trials]).toEqual([["sshd", 1700000060]]);
    expect([...state.stuck]).toEqual([]);
    expect(state.watchdog).toEqual([
      { name: "east", failures: 0, resets: 0, lastReset: undefined, reason: "" },
      {
        ...{ name: "west", failures: 3, resets: 2, lastReset: 1700000000 },
        reason: "4 probes from 10.10.0.2 to 10.20.1.100 unanswered: reset, 2 of 24 today",
      },
    ]);
    expect(state.daemonStarts).toEqual([
      {
        ...{ daemon: "iked", starts: 2, lastStart: 1700000100 },
        reason: "iked did not run: started",
      },
    ]);
    expect(Object.fromEntries(state.sysctls)).toEqual({
      "net.inet.ip.forwarding": "1",
      "net.inet.ip.redirect": "0",
    });
    expect(state.uptime).toBe(4711);
  });

  it("reads isakmpd's SAs from the same section", () => {
    const text = `--- ike
SA name: peer-198.51.100.11 (Phase 1/Responder)
src: 10.10.0.2 dst: 198.51.100.11

SA name: from-10.10.0.0/24-to-10.20.1.0/24 (Phase 2)
SPI 0: 0badcafe
`;
    expect(parseGwctlState(text).ike.isakmpd.map(({ phase }) => phase)).toEqual([1, 2]);
  });

  it("sees a packet filter that is off", () => {
    const off = SNAPSHOT.replace("Status: Enabled", "Status: Disabled");
    expect(parseGwctlState(off).pf.enabled).toBe(false);
  });

  it("sees what runs instead of the confirmed rules, and the further rules' own sums", () => {
    const other = SNAPSHOT.replace(
      "--- rules\n",
      `--- rules\npf boot\npf stuck 1700000000 the last resort does\npfuser loaded ${HASH}\n`,
    );
    const { pf, stuck } = parseGwctlState(other);
    expect([...stuck]).toEqual([["pf", "the last resort does"]]);
    expect([pf.bootRules, pf.userRules]).toEqual([true, { loaded: HASH, file: undefined }]);
  });

  it("survives carriage returns of a terminal", () => {
    expect(parseGwctlState(SNAPSHOT.replaceAll("\n", "\r\n"))).toEqual(state);
  });

  it("is empty where text is missing, cut or of another kind, and never an exception", () => {
    fc.assert(
      fc.property(fc.nat(SNAPSHOT.length), fc.string({ unit: "binary" }), (length, noise) => {
        const cut = parseGwctlState(SNAPSHOT.slice(0, length) + noise);
        expect(cut.files.length).toBeLessThanOrEqual(state.files.length + 1);
      }),
    );
    expect(parseGwctlState("").flows).toEqual([]);
  });
});
