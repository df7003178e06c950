import type { Scenario } from "./scenario";
import {
  BACK,
  between,
  connectFrom,
  datagram,
  DECLARED,
  FIRST,
  KERNEL,
  NO_TCP_OUT,
  NOT_BACK,
  NOT_OUT,
  OTHER,
  OUT,
  PORTS,
  SECOND,
  SPARE,
  SPARE_LAN,
  TCP_OUT,
  UNPROBED,
} from "./scenarioRows";

const PAIRS = [
  { local: "10.10.0.0/25", remote: "10.20.109.0/24" },
  { local: "10.10.0.128/25", remote: SPARE_LAN },
];

/** With either daemon. */
export const EITHER: readonly Scenario[] = [
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
    tunnel: { traffic: [{ protocol: "tcp", remotePort: PORTS[0] }], ...UNPROBED },
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
    tunnel: { remote: ["10.20.107.0/24", "10.20.125.0/24"] },
    state: "proven",
    rows: [
      OUT,
      BACK,
      ["office", "ping -n -c 2 -W 2 10.20.125.100", / 2 received/, "YES"],
      ["office", between(FIRST, SPARE), / [12] received/, "NO"],
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
      ["office", between(FIRST, SPARE), / [12] received/, "NO"],
      ["office", between(SECOND, "HOST"), / [12] received/, "NO"],
      ["branch", between(SPARE, FIRST), / [12] received/, "NO"],
      ["branch", between("HOST", SECOND), / [12] received/, "NO"],
    ],
  },
];

/** Behind the others, whose places in the tables are parts of their networks. */
export const FURTHER: readonly Scenario[] = [
  {
    // What the office serves, and nothing else of it.
    name: "published",
    tunnel: { traffic: [{ protocol: "tcp", localPort: PORTS[0] }], ...UNPROBED },
    state: "established",
    rows: [
      ["branch", connectFrom("HOST", FIRST, PORTS[0]), /served HOST/, "YES"],
      ["branch", connectFrom("HOST", FIRST, PORTS[1]), /served/, "NO"],
      NOT_BACK,
      NO_TCP_OUT,
    ],
  },
  {
    name: "udp",
    tunnel: { traffic: [{ protocol: "udp", remotePort: PORTS[0] }], ...UNPROBED },
    state: "established",
    rows: [
      ["office", datagram(PORTS[0]), /served 10\.10\.0\.100/, "YES"],
      ["office", datagram(PORTS[1]), /served/, "NO"],
      NO_TCP_OUT,
      NOT_OUT,
    ],
  },
  {
    // Each half of the office reaches another service.
    name: "services",
    tunnel: ({ lan }) => ({
      local: undefined,
      remote: undefined,
      pairs: ["10.10.0.0/25", "10.10.0.128/25"].map((local, index) => ({
        local,
        remote: lan,
        traffic: [{ protocol: "tcp", remotePort: PORTS[index] }],
      })),
      ...UNPROBED,
    }),
    state: "established",
    rows: [
      TCP_OUT,
      ["office", OTHER, /served/, "NO"],
      ["office", connectFrom(SECOND, "HOST", PORTS[1]), /served 10\.10\.0\.200/, "YES"],
      ["office", connectFrom(SECOND, "HOST", PORTS[0]), /served/, "NO"],
      NOT_OUT,
    ],
  },
  {
    name: "hosts",
    tunnel: { local: ["10.10.0.2/32", `${FIRST}/32`] },
    state: "proven",
    rows: [
      OUT,
      BACK,
      ["office", between(SECOND, "HOST"), / [12] received/, "NO"],
      ["branch", between("HOST", SECOND), / [12] received/, "NO"],
    ],
  },
  {
    name: "user",
    tunnel: { localId: "gateway@example.net", remoteId: "user@example.net" },
    state: "proven",
    rows: [
      OUT,
      BACK,
      [
        "gateway",
        KERNEL,
        /PEER srcid (UFQDN\/)?gateway@example\.net dstid (UFQDN\/)?user@example\.net/,
        "YES",
      ],
      ["gateway", KERNEL, /PEER srcid (FQDN\/)?gw-test/, "NO"],
    ],
  },
  {
    // The addresses that both have outside, which is another than the gateway's own behind NAT.
    name: "addresses",
    tunnel: { localId: undefined, remoteId: undefined },
    state: "proven",
    rows: [
      OUT,
      BACK,
      ["gateway", KERNEL, /PEER srcid (IPV4\/)?198\.51\.100\.1(\/32)? dstid (IPV4\/)?PEER/, "YES"],
      ["gateway", KERNEL, /PEER srcid \S*example/, "NO"],
    ],
  },
];
