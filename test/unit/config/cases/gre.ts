import type { Values } from "../../support/stack";
import type { Case } from "./case";

const gre = (unit: number) => ({
  unit,
  address: `10.255.${unit}.1/30`,
  peerAddress: `10.255.${unit}.2`,
});
const over = (number: number): Values => ({
  [`tunnels.${number}.kind`]: "gre",
  [`tunnels.${number}.gre`]: gre(number),
});
const direct: Values = { "network.publicAddress": "10.10.0.2", "network.behindNat": false };
/** One tunnel of kind gre. */
export const overGre: Values = { ...direct, ...over(0) };

/** Of GW069 to GW071 and GW243, which know of more than GRE. */
export const greOfRouted = {
  GW069: [
    {
      refuses: { ...overGre, "tunnels.0.gre": undefined },
      accepts: overGre,
      at: "tunnels[0].gre",
      says: /is missing, and kind is gre/,
    },
    {
      refuses: { ...overGre, "tunnels.0.kind": "route" },
      accepts: overGre,
      at: "tunnels[0].gre",
      says: /has no meaning with kind route: write kind: gre/,
    },
  ],
  GW070: [
    {
      refuses: { ...overGre, ...over(1), "tunnels.1.gre": { ...gre(1), unit: 0 } },
      accepts: { ...overGre, ...over(1) },
      at: "tunnels[1].gre.unit",
      says: /gre0 is also tunnels\[0\]/,
    },
  ],
  GW071: [
    {
      refuses: { ...overGre, "tunnels.0.gre": { ...gre(0), peerAddress: "10.255.9.2" } },
      accepts: overGre,
      at: "tunnels[0].gre.peerAddress",
      says: /10\.255\.9\.2 is not in the network of 10\.255\.0\.1\/30/,
    },
  ],
  GW243: [
    {
      refuses: { ...overGre, "tunnels.0.remote": ["198.51.100.0/24"] },
      accepts: {
        ...overGre,
        "tunnels.0.remote": ["198.51.101.0/24"],
        "tunnels.0.probe": undefined,
      },
      at: "tunnels[0].remote[0]",
      says: /holds the peer's own address/,
    },
  ],
} satisfies Record<string, Case[]>;

export const greCases: Record<string, Case[]> = {
  GW265: [
    {
      refuses: over(0),
      accepts: overGre,
      at: "tunnels[0].kind",
      says: /is gre, and the peer sees 198\.51\.100\.1 in place of the gateway's own address 10\.10\.0\.2/,
    },
  ],
  GW266: [
    {
      refuses: { ...overGre, "tunnels.0.peer": "any", "tunnels.0.mode": "passive" },
      accepts: overGre,
      at: "tunnels[0].peer",
      says: /is any, and kind is gre: write the peer's IPv4 address/,
    },
    {
      refuses: { ...overGre, "tunnels.0.peer": "vpn.example.net" },
      accepts: overGre,
      at: "tunnels[0].peer",
      says: /is vpn\.example\.net, and kind is gre/,
    },
  ],
  GW267: [
    {
      refuses: { ...overGre, ...over(1), "tunnels.1.peer": "198.51.100.11" },
      accepts: { ...overGre, ...over(1) },
      at: "tunnels[1].peer",
      says: /198\.51\.100\.11 is also that of tunnels\[0\]/,
    },
  ],
};
