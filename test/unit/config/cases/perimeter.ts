import { networkOfIpv6 } from "../../support/stack";

const perimeter = {
  driver: "nftables",
  connection: { host: "10.10.0.1" },
  outside: { interface: "ext0", address: "198.51.100.1" },
};
const byHand = (address: string) => ({
  driver: "manual",
  device: "mikrotik",
  outside: { interface: "ext0", address },
});
const forwards = (...entries: unknown[]) => ({ perimeter: { ...perimeter, forwards: entries } });
const routes = (value: unknown) => ({ perimeter: { ...perimeter, routes: value } });
const lan = (...hosts: Record<string, unknown>[]) => ({
  lan: {
    routes: hosts.map((host) => ({ name: "files", connection: { host: "10.10.0.5" }, ...host })),
  },
});
const peers = ["198.51.100.11", "198.51.100.12"];
const first = { name: "udp-500", sources: peers };

/** What the rules about the machines around the gateway refuse, and the nearest they accept. */
export const perimeterCases = {
  GW120: [
    {
      refuses: forwards(first, { name: "udp-500", sources: ["any"] }),
      accepts: forwards(first, { name: "udp-4500", sources: ["any"] }),
      at: "perimeter.forwards[1].name",
      says: /udp-500 is also perimeter\.forwards\[0\]/,
    },
  ],
  GW121: [
    {
      refuses: forwards({ ...first, sources: [...peers, "peer.example.net"] }),
      accepts: forwards({ ...first, sources: [...peers, "203.0.113.9"] }),
      at: "perimeter.forwards[0].sources[2]",
      says: /peer\.example\.net is not an address or network: write one such as/,
    },
    {
      refuses: forwards({ ...first, sources: ["198.51.100.11/24"] }),
      accepts: forwards({ ...first, sources: ["198.51.100.0/24"] }),
      at: "perimeter.forwards[0].sources[0]",
      says: /write 198\.51\.100\.0\/24/,
    },
  ],
  GW122: [
    {
      refuses: forwards({ ...first, sources: ["198.51.100.11"] }),
      accepts: {
        ...forwards({ ...first, sources: ["198.51.100.11"] }),
        "tunnels.1.enabled": false,
      },
      at: "perimeter.forwards[0].sources",
      says: /leaves out 198\.51\.100\.12, the peer of tunnels\[1\]/,
    },
  ],
  GW123: [
    {
      refuses: forwards({ name: "esp", sources: peers }),
      accepts: { ...forwards({ name: "esp", sources: peers }), "network.behindNat": false },
      at: "perimeter.forwards[0].name",
      says: /esp is not forwarded while network\.behindNat is true/,
    },
  ],
  GW124: [
    {
      refuses: routes(["10.30.0.0/16"]),
      accepts: routes(["10.20.0.0/16"]),
      at: "perimeter.routes[0]",
      says: /10\.30\.0\.0\/16 holds no tunnel's remote network/,
    },
    {
      refuses: lan({ networks: ["10.20.1.0/25"] }),
      accepts: lan({ networks: ["10.20.1.0/24"] }),
      at: "lan.routes[0].networks[0]",
      says: /write a network that does/,
    },
  ],
  GW125: [
    {
      refuses: routes(["10.0.0.0/8"]),
      accepts: routes(true),
      at: "perimeter.routes[0]",
      says: /10\.0\.0\.0\/8 takes in the gateway's own network/,
    },
  ],
  GW126: [
    {
      refuses: {
        ...routes(["2001:db8:20::/48"]),
        "tunnels.0.local": ["2001:db8:10::/48"],
        "tunnels.0.remote": ["2001:db8:20::/48"],
      },
      accepts: routes(["10.20.1.0/24"]),
      at: "perimeter.routes[0]",
      says: /is IPv6, and the gateway's address IPv4/,
    },
  ],
  GW127: [
    {
      refuses: lan({}, {}),
      accepts: lan({}, { name: "mail" }),
      at: "lan.routes[1].name",
      says: /files is also lan\.routes\[0\]/,
    },
  ],
  GW241: [
    {
      refuses: {
        network: networkOfIpv6,
        perimeter: byHand("2001:db8:10::1"),
      },
      accepts: { perimeter: byHand("198.51.100.1") },
      at: "perimeter.driver",
      says: /is manual, and perimeter\.outside\.address is IPv6, .*: remove perimeter/,
    },
  ],
};
