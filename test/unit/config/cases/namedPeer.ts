import type { Values } from "../../support/stack";
import type { Case } from "./case";

const named: Values = { "tunnels.0.peer": "vpn.example.net" };
const perimeter = {
  driver: "nftables",
  connection: { host: "10.10.0.1" },
  outside: { interface: "ext0", address: "198.51.100.1" },
};
const open = ["udp-500", "udp-4500"].map((name) => ({ name, sources: ["any"] }));

export const namedPeerCases: Record<string, Case[]> = {
  GW194: [
    {
      refuses: { ...named, "watchdog.enabled": false },
      accepts: { "watchdog.enabled": false },
      at: "tunnels[0].peer",
      says: /is vpn\.example\.net, and watchdog\.enabled is false.*: write the peer's address, or/,
    },
  ],
  GW195: [
    {
      refuses: { ...named, "network.dns": ["10.20.2.53"] },
      accepts: { ...named, "network.dns": ["10.20.2.53", "10.10.0.1"] },
      at: "tunnels[0].peer",
      says: /every name server of network\.dns lies behind a tunnel: add one/,
    },
  ],
  GW196: [
    {
      refuses: { ...named, perimeter },
      accepts: { ...named, perimeter: { ...perimeter, forwards: open } },
      at: "perimeter.forwards",
      says: /udp-500 and udp-4500 are open to every address, as only the gateway knows that of vpn\.example\.net/,
    },
    {
      refuses: { ...named, perimeter: { ...perimeter, forwards: open.slice(1) } },
      accepts: { ...named, perimeter, "tunnels.0.enabled": false },
      at: "perimeter.forwards",
      says: /^udp-500 are open|udp-500/,
    },
  ],
};
