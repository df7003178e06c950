import { west } from "../../support/stack";
import type { Case } from "./case";
import { greOfRouted } from "./gre";

const routed = {
  "tunnels.0.kind": "route",
  "tunnels.0.sec": { unit: 0, address: "169.254.10.2/30", peerAddress: "169.254.10.1" },
};
const NEAR_WEST = ["198.51.100.8/29"];
const aroundPeers = { "tunnels.0.remote": ["198.51.100.12/32"] };

export const peerPathCases: Record<string, Case[]> = {
  GW243: [
    ...greOfRouted.GW243,
    {
      refuses: { ...routed, "tunnels.0.remote": ["10.20.1.0/24", ...NEAR_WEST] },
      accepts: { "tunnels.0.remote": ["10.20.1.0/24", ...NEAR_WEST], "tunnels.1.enabled": false },
      at: "tunnels[0].remote[1]",
      says: /holds the peer's own address 198\.51\.100\.11, so that IKE would go into the tunnel/,
    },
  ],
  GW244: [
    {
      refuses: aroundPeers,
      accepts: { "tunnels.0.remote": ["198.51.100.13/32"] },
      at: "tunnels[1].peer",
      says: /lies in tunnels\[0\]\.remote\[0\], so that IKE and ESP with it go through that tunnel/,
    },
    {
      refuses: aroundPeers,
      accepts: { ...aroundPeers, "tunnels.0.enabled": false },
      at: "tunnels[1].peer",
      says: /see that they pass there/,
    },
    {
      refuses: { ...aroundPeers, "tunnels.0.traffic": [{ protocol: "udp" }] },
      accepts: { ...aroundPeers, "tunnels.0.traffic": [{ protocol: "udp", remotePort: 53 }] },
      at: "tunnels[1].peer",
      says: /go through that tunnel/,
    },
    {
      refuses: aroundPeers,
      accepts: { ...aroundPeers, "tunnels.0.local": ["10.11.0.0/24"] },
      at: "tunnels[1].peer",
      says: /go through that tunnel/,
    },
    {
      refuses: {
        ...{ ...aroundPeers, ...routed, "tunnels.0.enabled": false },
        "tunnels.0.local": ["10.10.0.0/24", "10.11.0.0/24"],
      },
      accepts: { ...routed, tunnels: [{ ...west(), peer: "198.51.100.12" }] },
      at: "tunnels[1].peer",
      says: /go through that tunnel/,
    },
  ],
  GW245: [
    ...[
      ["10.20.1.0", "network's own"],
      ["10.20.1.255", "broadcast"],
    ].map(([target = "", which = ""]) => ({
      refuses: { "tunnels.0.probe": { source: "10.10.0.2", target } },
      accepts: { "tunnels.0.probe": { source: "10.10.0.2", target: "10.20.1.1" } },
      at: "tunnels[0].probe.target",
      says: new RegExp(`is the ${which} address of 10\\.20\\.1\\.0/24: write a host`),
    })),
    {
      refuses: {
        "tunnels.0.probe": { source: "10.10.0.2", target: "10.20.1.3" },
        "tunnels.0.remote": ["10.20.1.0/30"],
      },
      accepts: {
        "tunnels.0.probe": { source: "10.10.0.2", target: "10.20.1.3" },
        "tunnels.0.remote": ["10.20.1.3/32"],
      },
      at: "tunnels[0].probe.target",
      says: /broadcast/,
    },
  ],
};
