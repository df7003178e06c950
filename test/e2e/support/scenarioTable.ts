import type { Scenario } from "./scenario";
import {
  BACK,
  between,
  DECLARED,
  ESP,
  KERNEL,
  leftThrough,
  NOT_BACK,
  NOT_ELSEWHERE,
  NOT_OUT,
  OUT,
  SECOND,
  TCP_OUT,
  WIDE,
} from "./scenarioRows";
import { EITHER, FURTHER } from "./scenariosOfBoth";
import { siteKey } from "./siteKey";

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

/** Its certificate is not believed, which isakmpd says without a name. */
const refused = (name: string, why: RegExp): Scenario => ({
  name,
  tunnel: { auth: "certificate", watchdog: false },
  state: ["down", "negotiating"],
  rows: [
    ["gateway", "grep x509_cert_validate /var/log/daemon", why, "YES"],
    NOT_OUT,
    NOT_BACK,
    ["gateway", KERNEL, /esp tunnel .* PEER /, "NO"],
  ],
});

const IKE = { encryption: "aes-256", integrity: "hmac-sha2-512" };
/** Groups, the preferred one first. */
const PROPOSALS = ["ecp384", "ecp256"];

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
    tunnel: { auth: "publickey", peerKey: siteKey("branches", "site.pem") },
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
  ...FURTHER,
  {
    name: "names",
    tunnel: {
      localId: "/C=DE/O=Example AG/CN=gateway",
      remoteId: "/C=DE/O=Example AG/CN=names",
    },
    state: "proven",
    rows: [OUT, BACK, ["gateway", KERNEL, /PEER srcid FQDN/, "NO"], NOT_ELSEWHERE],
  },
  {
    // The peer has the first one of both lists.
    name: "proposals",
    tunnel: {
      phase1: PROPOSALS.map((group) => ({ ...IKE, group })),
      phase2: PROPOSALS.map((group) => ({ ...ESP, group })),
    },
    state: "proven",
    rows: [
      OUT,
      BACK,
      ["gateway", "cat /etc/iked/proposals.conf", /group ecp384[^]*group ecp256/, "YES"],
      NOT_ELSEWHERE,
    ],
  },
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
    tunnel: { auth: "publickey", peerKey: siteKey("branches", "site-rsa.pem") },
    state: "proven",
    rows: [OUT, BACK, ["gateway", "cat /etc/ipsec/signed.conf", /\bpsk\b/, "NO"]],
  },
  MAPPED,
  ...FURTHER,
  {
    name: "certified",
    tunnel: { auth: "certificate" },
    state: "proven",
    rows: [OUT, BACK, ["gateway", "cat /etc/ipsec/certified.conf", /\bpsk\b/, "NO"]],
  },
  refused("stranger", /x509_cert_validate: unable to get local issuer certificate/),
  refused("revoked", /x509_cert_validate: certificate revoked/),
];
