import type { Values } from "../../support/stack";
import type { Case } from "./case";

const everything: Values = { "tunnels.0.remote": ["0.0.0.0/0"] };
const but = (...except: string[]): Values => ({ ...everything, "tunnels.0.except": except });
const perimeter = {
  driver: "nftables",
  connection: { host: "10.10.0.1" },
  outside: { interface: "ext0", address: "198.51.100.1" },
};

export const everywhereCases: Record<string, Case[]> = {
  GW022: [
    {
      refuses: { ...everything, "admin.networks": ["0.0.0.0/0"] },
      accepts: { ...everything, "admin.networks": ["192.0.2.0/24"] },
      at: "admin.networks[0]",
      says: /lies within tunnels\[0\]\.remote\[0\]/,
    },
  ],
  GW068: [
    {
      refuses: {
        ...everything,
        "tunnels.0.kind": "route",
        "tunnels.0.sec": { unit: 0, address: "169.254.10.2/30", peerAddress: "169.254.10.1" },
      },
      accepts: everything,
      at: "tunnels[0].remote[0]",
      says: /0\.0\.0\.0\/0 is everything/,
    },
    {
      refuses: { "tunnels.0.local": ["0.0.0.0/0"] },
      accepts: everything,
      at: "tunnels[0].local[0]",
      says: /0\.0\.0\.0\/0 is everything/,
    },
  ],
  GW260: [
    {
      refuses: { "tunnels.0.except": ["192.0.2.0/24"] },
      accepts: but("192.0.2.0/24"),
      at: "tunnels[0].except",
      says: /has no meaning without remote 0\.0\.0\.0\/0: remove it/,
    },
    {
      refuses: but("192.0.2.0/24", "0.0.0.0/0"),
      accepts: but("192.0.2.0/24"),
      at: "tunnels[0].except[1]",
      says: /is everything/,
    },
    {
      refuses: but("2001:db8::/32"),
      accepts: but("192.0.2.0/24"),
      at: "tunnels[0].except[0]",
      says: /is IPv6/,
    },
  ],
  GW261: [
    {
      refuses: but("10.20.2.128/25"),
      accepts: but("10.20.0.0/16"),
      at: "tunnels[0].except[0]",
      says: /lies within 10\.20\.2\.0\/24, which goes through another tunnel/,
    },
    {
      refuses: but("10.20.2.0/23"),
      accepts: but("10.20.0.0/16"),
      at: "tunnels[0].except[0]",
      says: /10\.20\.2\.0\/23 begins with the same address as 10\.20\.2\.0\/24/,
    },
    {
      refuses: { ...everything, "admin.networks": ["10.20.2.0/23"] },
      accepts: { ...everything, "admin.networks": ["10.20.0.0/16"] },
      at: "tunnels[0].remote[0]",
      says: /10\.20\.2\.0\/23 begins with the same address as 10\.20\.2\.0\/24/,
    },
    {
      refuses: {
        ...but("192.0.2.0/24"),
        "tunnels.0.probe": { source: "10.10.0.2", target: "192.0.2.7" },
      },
      accepts: {
        ...but("192.0.2.0/24"),
        "tunnels.0.probe": { source: "10.10.0.2", target: "203.0.113.7" },
      },
      at: "tunnels[0].probe.target",
      says: /192\.0\.2\.7 lies in an exception/,
    },
  ],
  GW262: [
    {
      refuses: {
        ...everything,
        "tunnels.1.local": ["10.11.0.0/24"],
        "tunnels.1.remote": ["0.0.0.0/0"],
      },
      accepts: {
        ...everything,
        "tunnels.1.local": ["10.11.0.0/24"],
        "tunnels.1.remote": ["0.0.0.0/0"],
        "tunnels.1.enabled": false,
      },
      at: "tunnels[1].remote[0]",
      says: /0\.0\.0\.0\/0 is also at tunnels\[0\]\.remote\[0\]/,
    },
  ],
  GW263: [
    {
      refuses: {
        ...everything,
        "network.outside": { interface: "vio1", address: "198.51.100.1/24", bridge: "br1" },
        "network.gateway": "198.51.100.254",
        "network.behindNat": false,
      },
      accepts: everything,
      at: "tunnels[0].remote[0]",
      says: /needs a gateway with one arm/,
    },
    {
      refuses: { ...everything, "tunnels.0.traffic": [{ protocol: "tcp", remotePort: 443 }] },
      accepts: everything,
      at: "tunnels[0].remote[0]",
      says: /stands beside traffic/,
    },
    {
      refuses: { ...everything, "tunnels.0.nat": { address: "10.99.0.1" } },
      accepts: everything,
      at: "tunnels[0].nat",
      says: /stands beside 0\.0\.0\.0\/0/,
    },
    {
      refuses: { ...everything, "tunnels.1.peer": "any", "tunnels.1.mode": "passive" },
      accepts: everything,
      at: "tunnels[1].peer",
      says: /is any, and tunnels\[0\]\.remote\[0\] takes what goes to an address that is not known/,
    },
    {
      refuses: { ...everything, perimeter: { ...perimeter, routes: true } },
      accepts: { ...everything, perimeter: { ...perimeter, routes: ["10.20.0.0/16"] } },
      at: "perimeter.routes",
      says: /is true, and with tunnels\[0\]\.remote\[0\] that would be a default route/,
    },
  ],
  GW264: [
    {
      refuses: { ...everything, "tunnels.0.enabled": false, "watchdog.enabled": false },
      accepts: { ...everything, "tunnels.0.enabled": false },
      at: "tunnels[0].remote[0]",
      says: /nobody would load/,
    },
    {
      refuses: { ...everything, "watchdog.enabled": false },
      accepts: everything,
      at: "tunnels[0].remote[0]",
      says: /watchdog\.enabled is false: nobody would load the exceptions again/,
    },
  ],
};
