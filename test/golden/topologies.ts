import {
  AUTHORITY,
  OWN,
  REVOKED,
  RSA_LIST,
  RSA_MIDDLE,
  RSA_OWN,
  RSA_ROOT,
  RSA_ROOT_LIST,
} from "../unit/support/fixedCertificates";
import type { Daemon, StackConfig } from "../../config/schema";
import { P256, P521, RSA_2048 } from "../unit/support/publicKeys";
import { edited, load, networkOfIpv6, type Values, values, west } from "../unit/support/stack";

const algorithms = {
  phase1: { encryption: "aes-256", integrity: "hmac-sha2-256", group: "ecp256" },
  phase2: { encryption: "aes-256", integrity: "hmac-sha2-512", group: "ecp256" },
};

const unNated: Values = { "network.publicAddress": "10.10.0.2", "network.behindNat": false };

const v6: Values = {
  network: networkOfIpv6,
  "admin.networks": ["2001:db8:10::fe/128"],
  tunnels: [
    {
      ...west(),
      peer: "2001:db8:99::11",
      local: ["2001:db8:10::/64"],
      remote: ["2001:db8:20::/64"],
      localId: undefined,
      remoteId: undefined,
    },
  ],
};

/** One declaration per situation that gives the files another form. */
export const topologies: Record<string, Values> = {
  nated: {
    "tunnels.0.phase1": algorithms.phase1,
    "tunnels.0.phase2": algorithms.phase2,
    "tunnels.1.mode": "passive",
    "tunnels.1.localId": "gateway@example.net",
    "tunnels.1.phase2": { encryption: "aes-256-gcm", group: "none", lifetime: 1800 },
  },
  "un-nated": unNated,
  v6,
  "several-networks": {
    "tunnels.0.local": ["10.10.0.0/24", "10.11.0.0/16"],
    "tunnels.0.remote": ["10.20.1.0/24", "10.20.9.9/32"],
    "admin.networks": ["10.10.0.254/32", "10.11.3.0/24"],
    "admin.sshd": { allowUsers: ["root", "ops@10.11.3.0/24"], listen: ["10.10.0.2"] },
  },
  "disabled-tunnel": { "tunnels.1.enabled": false },
  "peer-in-remote": { "tunnels.0.remote": ["198.51.100.0/25"] },
  "only-disabled": { "tunnels.0.enabled": false, "tunnels.1.enabled": false },
  "no-tunnels": { tunnels: [] },
  compat: { "ike.profile": "compat" },
  pq: { "ike.profile": "pq", "tunnels.1.profile": "compat" },
  "legacy-v1": {
    "tunnels.0.profile": "legacy-v1",
    "tunnels.0.exception": { reason: "no other firmware", expires: "2027-03-31" },
  },
  limits: {
    "ike.fragmentation": false,
    "tunnels.0.phase2": { ...algorithms.phase2, bytes: 2 ** 32, esn: false },
    "tunnels.1.phase2": { ...algorithms.phase2, esn: true },
    "tunnels.0.probe": { source: "10.10.0.2", target: "10.20.1.100" },
    "tunnels.0.watchdog": false,
  },
  traffic: {
    "tunnels.0.traffic": [
      { protocol: "tcp", remotePort: 443 },
      { protocol: "tcp", localPort: 22 },
    ],
    "tunnels.1.traffic": [{ protocol: "gre" }],
  },
  protocols: { "tunnels.1.traffic": [{ protocol: "gre" }, { protocol: "icmp" }] },
  pairs: {
    "tunnels.0.local": undefined,
    "tunnels.0.remote": undefined,
    "tunnels.0.pairs": [
      { local: "10.10.0.0/24", remote: "10.20.1.0/24" },
      { local: "10.11.0.0/16", remote: "10.20.9.9/32" },
      { local: "10.10.0.0/24", remote: "10.20.9.9/32" },
    ],
    "tunnels.1.local": undefined,
    "tunnels.1.remote": undefined,
    "tunnels.1.pairs": [
      { local: "10.10.0.0/24", remote: "10.20.2.0/24" },
      {
        local: "10.11.0.0/16",
        remote: "10.20.3.0/24",
        traffic: [
          { protocol: "tcp", remotePort: 443 },
          { protocol: "tcp", localPort: 22 },
        ],
      },
    ],
    "tunnels.1.traffic": [{ protocol: "tcp", remotePort: 80 }],
  },
  "pairs-of-protocols": {
    "tunnels.0.local": undefined,
    "tunnels.0.remote": undefined,
    "tunnels.0.pairs": [
      { local: "10.10.0.0/24", remote: "10.20.1.0/24" },
      { local: "10.10.0.0/24", remote: "10.20.9.9/32", traffic: [{ protocol: "gre" }] },
      {
        local: "10.11.0.0/16",
        remote: "10.20.9.9/32",
        traffic: [{ protocol: "tcp", remotePort: 443 }, { protocol: "icmp" }],
      },
    ],
  },
  nested: {
    "tunnels.0.traffic": [{ protocol: "tcp", remotePort: 443 }],
    "tunnels.1.remote": ["10.20.0.0/16"],
  },
  "nested-routed": {
    "tunnels.1.remote": ["10.20.0.0/16"],
    "tunnels.1.kind": "route",
    "tunnels.1.sec": { unit: 0, address: "169.254.10.2/30", peerAddress: "169.254.10.1" },
  },
  nat: {
    "tunnels.0.nat": { address: "10.99.0.1" },
    "tunnels.1.nat": { address: "10.99.0.1" },
    "tunnels.1.traffic": [{ protocol: "tcp", localPort: 179, remotePort: 443 }],
  },
  // Two networks as others, one of each kind of traffic, and a network of the same size with each tunnel.
  "nat-networks": {
    "tunnels.0.local": ["10.10.0.0/24", "10.11.0.0/24", "10.12.0.0/16", "10.13.0.5/32"],
    "tunnels.0.nat": {
      networks: [
        { local: "10.10.0.0/24", as: "10.99.0.0/24" },
        { local: "10.11.0.0/24", as: "10.99.1.0/24" },
        { local: "10.13.0.5/32", as: "10.99.2.5/32" },
      ],
    },
    "tunnels.1.nat": { networks: [{ local: "10.10.0.0/24", as: "10.99.0.0/24" }] },
    "tunnels.1.traffic": [{ protocol: "tcp", localPort: 179, remotePort: 443 }],
  },
  routed: {
    "tunnels.0.kind": "route",
    "tunnels.0.sec": { unit: 0, address: "169.254.10.2/30", peerAddress: "169.254.10.1" },
    "tunnels.0.remote": ["10.20.1.0/24", "10.21.0.0/16"],
  },
  "routed-only": {
    "tunnels.0.kind": "route",
    "tunnels.0.sec": { unit: 7, address: "169.254.7.2/30", peerAddress: "169.254.7.1", mtu: 1300 },
    "tunnels.0.traffic": [{ protocol: "tcp", remotePort: 443 }, { protocol: "icmp" }],
    "tunnels.1.enabled": false,
  },
  group: {
    "tunnels.0.kind": "route",
    "tunnels.0.sec": { unit: 0, address: "169.254.10.2/30", peerAddress: "169.254.10.1" },
    "tunnels.0.probe": { source: "169.254.10.2", target: "169.254.10.1" },
    "tunnels.0.group": { name: "cloud", priority: 1 },
    "tunnels.1.kind": "route",
    "tunnels.1.sec": { unit: 1, address: "169.254.11.2/30", peerAddress: "169.254.11.1" },
    "tunnels.1.probe": { source: "169.254.11.2", target: "169.254.11.1" },
    "tunnels.1.remote": ["10.20.1.0/24"],
    "tunnels.1.group": { name: "cloud", priority: 2 },
  },
  "routed-v6": {
    "tunnels.0.kind": "route",
    "tunnels.0.sec": { unit: 7, address: "fd00:10::2/64", peerAddress: "fd00:10::1", mtu: 1300 },
    "tunnels.0.local": ["2001:db8:10::/64"],
    "tunnels.0.remote": ["2001:db8:20::/64"],
    "tunnels.0.traffic": [{ protocol: "tcp", remotePort: 443 }, { protocol: "icmp6" }],
    "tunnels.1.enabled": false,
  },
  gre: {
    ...unNated,
    "tunnels.0.kind": "gre",
    "tunnels.0.gre": { unit: 0, address: "10.255.0.1/30", peerAddress: "10.255.0.2" },
    "tunnels.0.remote": ["10.20.1.0/24", "10.21.0.0/16"],
  },
  "gre-only": {
    ...unNated,
    "tunnels.0.kind": "gre",
    "tunnels.0.gre": {
      ...{ unit: 3, address: "10.255.0.1/30", peerAddress: "10.255.0.2", mtu: 1350 },
      routing: ["bgp", "ospf"],
    },
    "tunnels.0.traffic": [{ protocol: "tcp", remotePort: 443 }, { protocol: "icmp" }],
    "tunnels.1.enabled": false,
    "tunnels.1.kind": "gre",
    "tunnels.1.gre": { unit: 4, address: "10.255.0.5/30", peerAddress: "10.255.0.6" },
  },
  "any-peer": {
    "tunnels.1.peer": "any",
    "tunnels.1.mode": "passive",
  },
  "any-peers-only": {
    ...unNated,
    "tunnels.0.peer": "any",
    "tunnels.0.mode": "passive",
    "tunnels.1.peer": "any",
    "tunnels.1.mode": "passive",
    "tunnels.1.remoteId": "ops@east.example.net",
  },
  "named-peer": {
    "tunnels.0.peer": "vpn.example.net",
    "tunnels.0.remoteId": undefined,
  },
  "named-peer-v6": { ...v6, "tunnels.0.peer": "vpn.example.net" },
  publickey: {
    "tunnels.0.auth": "publickey",
    "tunnels.0.peerKey": RSA_2048,
    "tunnels.1.remoteId": undefined,
  },
  "publickey-ecdsa": {
    "tunnels.0.auth": "publickey",
    "tunnels.0.peerKey": P256,
    "tunnels.1.auth": "publickey",
    "tunnels.1.peerKey": P521,
    "tunnels.1.remoteId": "ops@east.example.net",
  },
  certificate: {
    "ike.certificates": { ca: AUTHORITY, own: OWN, crl: REVOKED },
    "tunnels.0.auth": "certificate",
  },
  "certificate-rsa": {
    "ike.certificates": {
      ca: RSA_ROOT + RSA_MIDDLE,
      own: RSA_OWN,
      crl: RSA_ROOT_LIST + RSA_LIST,
    },
    "tunnels.0.auth": "certificate",
  },
  "certificate-cisco": {
    "ike.certificates": { ca: AUTHORITY, own: OWN },
    "tunnels.0.auth": "certificate",
    "tunnels.0.vendor": "cisco-ios",
    "tunnels.0.local": ["10.10.0.0/24"],
    "tunnels.0.remote": ["10.20.1.0/24"],
  },
  "old-peer": {
    "tunnels.0.localId": "gw@example.net",
    "tunnels.0.remoteId": "ops@west.example.net",
    "tunnels.0.phase1": { ...algorithms.phase1, lifetime: 172800 },
    "tunnels.0.phase2": { ...algorithms.phase2, lifetime: 172800 },
    "tunnels.0.exception": { reason: "the partner's rule", expires: "2027-03-31" },
    "tunnels.1.localId": "203.0.113.9",
    "tunnels.1.remoteId": "2001:db8::12",
  },
  "distinguished-names": {
    "tunnels.0.localId": "/C=DE/O=Example AG/CN=gw",
    "tunnels.0.remoteId": "/C=DE/O=Example AG/CN=west",
  },
  "in-transition": {
    "tunnels.0.phase1": [
      { encryption: "aes-256-gcm", prf: "hmac-sha2-384", group: "ecp384" },
      { encryption: "aes-256", integrity: "hmac-sha2-256", group: "modp2048" },
    ],
    "tunnels.0.phase2": [
      { encryption: "aes-256-gcm", group: "ecp384" },
      { encryption: "aes-256", integrity: "hmac-sha2-256", group: "modp2048", esn: false },
    ],
  },
  "user-rules": {
    "system.pfRules":
      "# monitoring\npass in on vio0 proto tcp from 10.10.0.9 to (vio0) port 9100\n\n",
  },
};

export const daemons = ["iked", "isakmpd"] as const;

/** What only one of the daemons can be told. */
const ONLY: Readonly<Record<string, Daemon>> = {
  "any-peer": "iked",
  "any-peers-only": "iked",
  pq: "iked",
  "publickey-ecdsa": "iked",
  certificate: "iked",
  "certificate-cisco": "iked",
  "distinguished-names": "iked",
  "in-transition": "iked",
  protocols: "isakmpd",
  "pairs-of-protocols": "isakmpd",
  "routed-v6": "iked",
  limits: "iked",
  "legacy-v1": "isakmpd",
};

export function daemonsOf(name: string): readonly Daemon[] {
  const only = ONLY[name];
  return only === undefined ? daemons : [only];
}

export function topology(name: string, daemon: string): StackConfig {
  return load(edited({ ...topologies[name], "ike.daemon": daemon }, values())).config;
}

/** A key of the form the stack generates; no tunnel anywhere uses it. */
export const GOLDEN_PSK = "GoldenGoldenGoldenGoldenGoldenGoldenGolden42";
