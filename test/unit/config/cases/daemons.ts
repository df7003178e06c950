import type { Case } from "./case";

const isakmpd = { "ike.daemon": "isakmpd" };
const six = {
  "tunnels.0.local": ["2001:db8:10::/64"],
  "tunnels.0.remote": ["2001:db8:20::/64"],
};
const sixRouted = {
  ...six,
  "tunnels.0.kind": "route",
  "tunnels.0.sec": { unit: 0, address: "fd00:10::2/64", peerAddress: "fd00:10::1" },
};
const networks = (count: number, first: number) =>
  Array.from({ length: count }, (_, i) => `10.${first + (i >> 8)}.${i & 255}.0/24`);
const sixNetworks = (count: number) =>
  Array.from({ length: count }, (_, i) => `2001:db8:${(0x100 + i).toString(16)}::/48`);
const ports = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ protocol: "tcp", remotePort: 1000 + i }));

export const daemonCases: Record<string, Case[]> = {
  GW145: [
    {
      refuses: { ...isakmpd, ...sixRouted },
      accepts: sixRouted,
      at: "tunnels[0].kind",
      says: /is route, and the tunnel has IPv6 networks: write kind: policy/,
    },
    {
      refuses: { ...isakmpd, ...sixRouted },
      accepts: { ...isakmpd, ...six },
      at: "tunnels[0].kind",
      says: /or ike\.daemon: iked/,
    },
  ],
  GW146: [
    {
      refuses: { ...isakmpd, "tunnels.1.remoteId": "West.example.net" },
      accepts: { "tunnels.1.remoteId": "West.example.net" },
      at: "tunnels[1].remoteId",
      says: /West\.example\.net differs from tunnels\[0\]\.remoteId \(west\.example\.net\) in case only/,
    },
    {
      refuses: { ...isakmpd, "tunnels.1.localId": "WEST.example.net" },
      accepts: { ...isakmpd, "tunnels.1.localId": "other.example.net" },
      at: "tunnels[1].localId",
      says: /in case only/,
    },
  ],
  GW147: [
    {
      refuses: { "tunnels.0.remote": networks(256, 30) },
      accepts: { "tunnels.0.remote": networks(255, 30) },
      at: "tunnels[0].remote",
      says: /makes 256 selectors, and iked ends with more than 255/,
    },
    {
      refuses: { "tunnels.0.local": networks(256, 30) },
      accepts: { ...isakmpd, "tunnels.0.local": networks(256, 30) },
      at: "tunnels[0].local",
      says: /makes 256 selectors/,
    },
    {
      refuses: { ...six, "tunnels.0.remote": sixNetworks(160) },
      accepts: { ...six, "tunnels.0.remote": sixNetworks(159) },
      at: "tunnels[0]",
      says: /makes 161 selectors, which are too long for one of iked's messages/,
    },
    {
      refuses: { "tunnels.0.remote": networks(2, 30), "tunnels.0.traffic": ports(128) },
      accepts: { "tunnels.0.local": networks(2, 30), "tunnels.0.traffic": ports(128) },
      at: "tunnels[0].remote",
      says: /makes 256 selectors/,
    },
  ],
};
