import { networkOfIpv6, type Values } from "../../support/stack";
import type { Case } from "./case";

const plain = { encryption: "aes-256", integrity: "hmac-sha2-256", group: "ecp256" };
const byAddress: Values = { "tunnels.0.localId": undefined, "tunnels.0.remoteId": undefined };
const mikrotik: Values = {
  "tunnels.0.vendor": "mikrotik",
  "tunnels.0.phase1": plain,
  "tunnels.0.phase2": plain,
};
const aws: Values = { "tunnels.0.vendor": "aws", ...byAddress };
const ios: Values = {
  "tunnels.0.vendor": "cisco-ios",
  "tunnels.0.local": ["10.10.0.0/24"],
  "tunnels.0.remote": ["10.20.1.0/24"],
};
const bothWays = [
  { protocol: "tcp", remotePort: 443 },
  { protocol: "tcp", localPort: 443 },
];
const unlikePairs: Values = {
  "tunnels.0.local": undefined,
  "tunnels.0.remote": undefined,
  "tunnels.0.pairs": [
    { local: "10.10.0.0/24", remote: "10.20.1.0/24", traffic: [{ protocol: "tcp" }] },
    { local: "10.10.0.0/24", remote: "10.20.9.9/32", traffic: bothWays.slice(0, 1) },
  ],
};
/** IPv4 networks over IPv6. */
const v6: Values = {
  network: networkOfIpv6,
  "admin.networks": ["2001:db8:10::fe/128"],
  "tunnels.1.enabled": false,
};
const awsV1: Values = { ...aws, "ike.daemon": "isakmpd" };

export const vendorCases: Record<string, Case[]> = {
  GW140: [
    {
      refuses: { "tunnels.0.vendor": "mikrotik" },
      accepts: mikrotik,
      at: "tunnels[0].phase1.encryption",
      says: /no aes-256-gcm in IKEv2: write one of aes-256, aes-192/,
    },
    {
      refuses: { ...mikrotik, "tunnels.0.phase2.integrity": "hmac-sha2-384" },
      accepts: mikrotik,
      at: "tunnels[0].phase2.integrity",
      says: /no hmac-sha2-384/,
    },
    {
      refuses: { ...aws, "tunnels.0.phase2": { encryption: "aes-256-gcm", group: "none" } },
      accepts: aws,
      at: "tunnels[0].phase2.group",
      says: /always wants PFS/,
    },
    {
      refuses: { "tunnels.0.vendor": "fortigate", "tunnels.0.phase2": { ...plain, esn: true } },
      accepts: { "tunnels.0.vendor": "fortigate", "tunnels.0.phase2": { ...plain, esn: false } },
      at: "tunnels[0].phase2.esn",
      says: /extended sequence numbers: remove it/,
    },
  ],
  GW141: [
    {
      refuses: { ...aws, "tunnels.0.phase1": { ...plain, lifetime: 86400 } },
      accepts: { ...aws, "tunnels.0.phase1": { ...plain, lifetime: 28800 } },
      at: "tunnels[0].phase1.lifetime",
      says: /takes 900 to 28800 seconds: write 28800/,
    },
  ],
  GW142: [
    {
      refuses: { ...mikrotik, "tunnels.0.remote": ["10.20.1.0/24", "10.20.3.0/24"] },
      accepts: { ...mikrotik, "tunnels.0.remote": ["10.20.0.0/23"] },
      at: "tunnels[0].remote",
      says: /takes 1 pair of networks in an IKEv2 child SA/,
    },
    {
      refuses: { ...aws, "tunnels.0.traffic": [{ protocol: "tcp" }] },
      accepts: aws,
      at: "tunnels[0].traffic",
      says: /negotiates all protocols/,
    },
    {
      refuses: { ...unlikePairs, "tunnels.0.vendor": "fortigate" },
      accepts: { ...unlikePairs, "tunnels.0.vendor": "fortigate", "ike.daemon": "isakmpd" },
      at: "tunnels[0].traffic",
      says: /FortiGate takes one protocol with the same ports for all pairs of an IKEv2 child SA/,
    },
    {
      refuses: { "tunnels.0.vendor": "fortigate", "tunnels.0.traffic": bothWays },
      accepts: { "tunnels.0.vendor": "strongswan", "tunnels.0.traffic": bothWays },
      at: "tunnels[0].traffic",
      says: /FortiGate takes one protocol with the same ports for all pairs of an IKEv2 child SA/,
    },
    {
      refuses: { ...v6, "tunnels.0.vendor": "cisco-ios", "tunnels.0.peer": "vpn.example.net" },
      accepts: { ...v6, "tunnels.0.vendor": "fortigate", "tunnels.0.peer": "vpn.example.net" },
      at: "tunnels[0].peer",
      says: /Cisco IOS and IOS XE is configured for IPv4 only here: use IPv4 between the two/,
    },
    {
      refuses: {
        ...ios,
        "tunnels.0.local": ["2001:db8:10::/64"],
        "tunnels.0.remote": ["2001:db8:20::/64"],
      },
      accepts: ios,
      at: "tunnels[0].remote",
      says: /is configured for IPv4 only here: use IPv4 networks/,
    },
  ],
  GW143: [
    {
      refuses: { ...aws, "tunnels.0.remoteId": "vpn.example.net" },
      accepts: aws,
      at: "tunnels[0].remoteId",
      says: /names itself by address in IKEv2: remove it/,
    },
    {
      refuses: { ...aws, "tunnels.0.localId": "gw.example.net" },
      accepts: aws,
      at: "tunnels[0].localId",
      says: /knows a peer by its address/,
    },
    {
      refuses: { "tunnels.0.remoteId": "/CN=west", "tunnels.0.vendor": "fortigate" },
      accepts: { "tunnels.0.remoteId": "/CN=west", "tunnels.0.vendor": "strongswan" },
      at: "tunnels[0].remoteId",
      says: /FortiGate takes distinguished names from certificates only/,
    },
  ],
  GW144: [
    {
      refuses: { ...awsV1, "tunnels.0.mode": "passive" },
      accepts: { ...awsV1, "tunnels.0.mode": "active" },
      at: "tunnels[0].mode",
      says: /does not start an IKEv1 tunnel: write mode: active/,
    },
    {
      refuses: { ...awsV1, "tunnels.0.mode": "passive", "tunnels.0.peer": "any" },
      accepts: { ...awsV1, "tunnels.0.mode": "active" },
      at: "tunnels[0].mode",
      says: /write the device's address as peer, and mode: active/,
    },
  ],
};
