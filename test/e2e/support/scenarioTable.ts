import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./lab";
import type { Row, Scenario } from "./scenario";

const PING = "ping -n -c 2 -W 2 HOST";
const PING_BACK = "ping -n -c 2 -W 2 -I HOST 10.10.0.100";
/** What `serveBranches` has to listen on. */
export const PORTS = [8080, 8081] as const;
const connect = (port: number): string => `timeout 3 cat < /dev/tcp/HOST/${port}`;
/** The office's second host, and one on the LAN of a branch that has no scenario. */
const SECOND = "10.10.0.200";
const SPARE = "10.20.117.100";
const between = (from: string, to: string): string => `ping -n -c 2 -W 2 -I ${from} ${to}`;
const DECLARED = connect(PORTS[0]);
const OTHER = connect(PORTS[1]);
const KERNEL = "ipsecctl -s all";

const OUT: Row = ["office", PING, / 2 received/, "YES"];
const NOT_OUT: Row = ["office", PING, / [12] received/, "NO"];
const BACK: Row = ["branch", PING_BACK, / 2 received/, "YES"];
const NOT_BACK: Row = ["branch", PING_BACK, / [12] received/, "NO"];
const TCP_OUT: Row = ["office", DECLARED, /served 10\.10\.0\.100/, "YES"];
const NO_TCP_OUT: Row = ["office", DECLARED, /served/, "NO"];

// The Linux under the stand-in's iked has no other ESP.
const ESP = { encryption: "aes-256", integrity: "hmac-sha2-512" };
const UNPROBED = { probe: undefined };

/** How many of three pings of the gateway to HOST left through the tunnel to the peer. */
const leftThrough = (peer: string): string =>
  `sent() { ipsecctl -vv -s sa | awk '/ esp tunnel / { its = / to ${peer} / } its && /output packet/ { n += $1 } END { print n + 0 }'; }
   before=$(sent); ping -n -q -c 3 -I 10.10.0.2 HOST; echo "$(($(sent) - before)) left"`;
const WIDE = "198.51.100.110";

const PAIRS = [
  { local: "10.10.0.0/25", remote: "10.20.109.0/24" },
  { local: "10.10.0.128/25", remote: "10.20.117.0/24" },
];

/** With either daemon. */
const EITHER: readonly Scenario[] = [
  {
    name: "plain",
    tunnel: {},
    state: "proven",
    rows: [OUT, BACK, TCP_OUT, ["gateway", KERNEL, /esp transport .* PEER/, "NO"]],
  },
  {
    name: "passive",
    tunnel: { mode: "passive" },
    state: "proven",
    rows: [OUT, BACK, ["gateway", "cat /etc/i*/passive.conf", /\bactive\b/, "NO"]],
  },
  {
    name: "translated",
    tunnel: { nat: { address: "10.10.99.1" } },
    state: "proven",
    rows: [OUT, ["office", DECLARED, /served 10\.10\.99\.1\n/, "YES"], NOT_BACK],
  },
  {
    // The router itself: its daemon needs an address of its own in what it negotiates.
    name: "host",
    tunnel: {
      remote: ["10.20.104.1/32"],
      probe: { source: "10.10.0.2", target: "10.20.104.1" },
    },
    state: "proven",
    rows: [["office", "ping -n -c 2 -W 2 10.20.104.1", / 2 received/, "YES"], NOT_OUT, NOT_BACK],
  },
  {
    name: "tcp",
    tunnel: { traffic: [{ protocol: "tcp", remotePort: 8080 }], ...UNPROBED },
    state: "established",
    rows: [TCP_OUT, NOT_OUT, ["office", OTHER, /served/, "NO"]],
  },
  {
    name: "icmp",
    tunnel: { traffic: [{ protocol: "icmp" }] },
    state: "proven",
    rows: [OUT, BACK, NO_TCP_OUT],
  },
  {
    name: "networks",
    tunnel: { remote: ["10.20.107.0/24", "10.20.118.0/24"] },
    state: "proven",
    rows: [
      OUT,
      BACK,
      ["office", "ping -n -c 2 -W 2 10.20.118.100", / 2 received/, "YES"],
      ["office", "ping -n -c 2 -W 2 10.20.117.100", / [12] received/, "NO"],
    ],
  },
  {
    name: "disabled",
    tunnel: { enabled: false },
    state: "disabled",
    rows: [NOT_OUT, NOT_BACK, ["gateway", KERNEL, /PEER/, "NO"]],
  },
  {
    // Each half of the office reaches one of two networks, and nobody the other half's.
    name: "pairs",
    tunnel: { local: undefined, remote: undefined, pairs: PAIRS },
    state: "proven",
    rows: [
      OUT,
      BACK,
      ["office", between(SECOND, SPARE), / 2 received/, "YES"],
      ["branch", between(SPARE, SECOND), / 2 received/, "YES"],
      ["office", between("10.10.0.100", SPARE), / [12] received/, "NO"],
      ["office", between(SECOND, "HOST"), / [12] received/, "NO"],
      ["branch", between(SPARE, "10.10.0.100"), / [12] received/, "NO"],
      ["branch", between("HOST", SECOND), / [12] received/, "NO"],
    ],
  },
];

const NESTED: readonly Scenario[] = [
  {
    name: "wide",
    // Nothing but the rows' packets, which are counted.
    tunnel: { remote: ["10.20.110.0/23"], watchdog: false },
    state: "proven",
    rows: [OUT, BACK, ["gateway", leftThrough("PEER"), /\b3 left/, "YES"]],
  },
  {
    // Within the one before.
    name: "near",
    tunnel: { watchdog: false },
    state: "proven",
    rows: [
      OUT,
      BACK,
      ["gateway", leftThrough("PEER"), /\b3 left/, "YES"],
      ["gateway", leftThrough(WIDE), /\b[1-9]\d* left/, "NO"],
      ["gateway", "gwctl tunnel down near && echo is down", /is down/, "YES"],
      ["gateway", leftThrough(WIDE), /\b3 packets received[^]*\b3 left/, "YES"],
      OUT,
      NOT_BACK,
      ["gateway", "gwctl tunnel up near && echo is up", /is up/, "YES"],
      BACK,
      ["gateway", leftThrough("PEER"), /\b3 left/, "YES"],
    ],
  },
];

/** Two networks as others of their size; the second half's hosts become those of a first half. */
const MAPPED: Scenario = {
  name: "mapped",
  tunnel: {
    local: ["10.10.0.0/25", "10.10.0.128/25"],
    nat: {
      networks: [
        { local: "10.10.0.0/25", as: "10.10.98.0/25" },
        { local: "10.10.0.128/25", as: "10.10.97.0/25" },
      ],
    },
  },
  state: "proven",
  rows: [
    OUT,
    ["office", DECLARED, /served 10\.10\.98\.100\n/, "YES"],
    ["office", between(SECOND, "HOST"), / 2 received/, "YES"],
    ["branch", between("HOST", "10.10.98.100"), / 2 received/, "YES"],
    ["branch", between("HOST", "10.10.97.72"), / 2 received/, "YES"],
    ["branch", "timeout 3 cat < /dev/tcp/10.10.98.2/22", /SSH-/, "NO"],
    ["branch", between("HOST", "10.10.98.2"), / 2 received/, "YES"],
    NOT_BACK,
  ],
};

const OWN_ROUTE = "eval $(sed -n 's/^!route -qn add /route -qn delete /p' /etc/hostname.sec0)";

/** With an interface of its own, sec0, on which its packets are filtered, and no flows. */
const ROUTED: Scenario = {
  name: "routed",
  tunnel: {
    kind: "route",
    sec: { unit: 0, address: "169.254.10.2/30", peerAddress: "169.254.10.1" },
  },
  state: "proven",
  rows: [
    OUT,
    BACK,
    TCP_OUT,
    [
      "gateway",
      "ifconfig sec0",
      /sec0: flags=8051<UP,POINTOPOINT,RUNNING,MULTICAST> mtu 1400/,
      "YES",
    ],
    ["gateway", KERNEL, /esp tunnel from \S+ to PEER /, "YES"],
    ["gateway", KERNEL, /flow .* PEER/, "NO"],
    ["gateway", "ifconfig sec0 down && echo is down", /is down/, "YES"],
    NOT_OUT,
    NOT_BACK,
    ["gateway", "netstat -rn", / 169\.254\.10\.1 +GS .* sec0 /, "YES"],
    ["gateway", "ifconfig sec0 up && echo is up", /is up/, "YES"],
    OUT,
    BACK,
    ["gateway", `${OWN_ROUTE} && echo is away`, /is away/, "YES"],
    NOT_OUT,
    ["gateway", "sh /etc/netstart sec0 && echo is back", /is back/, "YES"],
    OUT,
    BACK,
  ],
};

/** What the sites have as their own. */
const sitesKey = (file: "site.pem" | "site-rsa.pem"): string =>
  readFileSync(join(ROOT, ".lab/peers/branches/pubkey", file), "utf8").trim();

export const IKEV2 = (): readonly Scenario[] => [
  ...EITHER,
  ...NESTED,
  {
    name: "modern",
    tunnel: { profile: "modern", phase2: { ...ESP, group: "ecp384" } },
    state: "proven",
    rows: [
      OUT,
      BACK,
      ["gateway", "cat /etc/iked/modern.conf", /ikesa enc aes-256-gcm prf hmac-sha2-384/, "YES"],
    ],
  },
  {
    name: "compat",
    tunnel: { profile: "compat", phase2: { ...ESP, group: "modp2048" } },
    state: "proven",
    rows: [OUT, BACK],
  },
  {
    name: "signed",
    tunnel: { auth: "publickey", peerKey: sitesKey("site.pem") },
    state: "proven",
    rows: [OUT, BACK, ["gateway", "cat /etc/iked/signed.conf", /\bpsk\b/, "NO"]],
  },
  {
    name: "volume",
    tunnel: { phase2: { ...ESP, group: "ecp256", bytes: 1 << 30, esn: false } },
    state: "proven",
    rows: [OUT, BACK],
  },
  MAPPED,
];

export const IKEV1 = (): readonly Scenario[] => [
  ...EITHER,
  {
    name: "modern",
    tunnel: { profile: "modern" },
    state: "proven",
    rows: [OUT, BACK],
  },
  {
    name: "compat",
    tunnel: { profile: "compat" },
    state: "proven",
    rows: [OUT, BACK],
  },
  {
    name: "old",
    tunnel: { profile: "legacy-v1", exception: { reason: "lab", expires: "2099-12-31" } },
    state: "proven",
    rows: [
      OUT,
      BACK,
      ["gateway", KERNEL, /PEER .*auth hmac-sha1 enc aes-256/, "YES"],
      ["gateway", KERNEL, /PEER .*auth hmac-sha2/, "NO"],
    ],
  },
  ROUTED,
  {
    name: "signed",
    tunnel: { auth: "publickey", peerKey: sitesKey("site-rsa.pem") },
    state: "proven",
    rows: [OUT, BACK, ["gateway", "cat /etc/ipsec/signed.conf", /\bpsk\b/, "NO"]],
  },
  MAPPED,
];
