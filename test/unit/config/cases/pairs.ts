import type { Case } from "./case";

const probe = { source: "10.10.0.2", target: "10.20.1.100" };

/** In place of the two lists of the first tunnel. */
const paired = (...pairs: [local: string, remote: string, more?: object][]) => ({
  "tunnels.0.local": undefined,
  "tunnels.0.remote": undefined,
  "tunnels.0.pairs": pairs.map(([local, remote, more]) => ({ local, remote, ...more })),
});
const tcp = { traffic: [{ protocol: "tcp" }] };

/** Those of other groups that speak of pairs too. */
export const pairCases: Record<string, Case[]> = {
  GW031: [
    {
      refuses: paired(["10.10.0.0/24", "10.20.1.0/24"], ["10.10.0.0/24", "10.20.2.0/24"]),
      accepts: paired(["10.10.0.0/24", "10.20.1.0/24"], ["10.10.0.0/24", "10.20.3.0/24"]),
      at: "tunnels[1].remote[0]",
      says: /10\.10\.0\.0\/24 to 10\.20\.2\.0\/24 is also at tunnels\[0\]\.pairs\[1\]\.remote/,
    },
  ],
  GW032: [
    {
      refuses: paired(["10.11.0.0/24", "10.20.1.0/24"], ["10.10.0.128/25", "10.20.2.0/23"]),
      accepts: paired(["10.11.0.0/24", "10.20.2.0/23"], ["10.10.0.128/25", "10.20.1.0/24"]),
      at: "tunnels[1].remote[0]",
      says: /crosses tunnels\[0\]\.pairs\[1\]\.remote/,
    },
  ],
  GW033: [
    {
      refuses: paired(["10.10.0.0/24", "10.20.0.0/23"], ["10.11.0.0/24", "10.20.1.0/24"]),
      accepts: paired(["10.10.0.0/24", "10.20.1.0/24"], ["10.11.0.0/24", "10.20.1.0/24"]),
      at: "tunnels[0].pairs[1].remote",
      says: /overlaps tunnels\[0\]\.pairs\[0\]\.remote/,
    },
  ],
  GW035: [
    {
      refuses: paired(["10.10.0.0/24", "2001:db8:20::/64"]),
      accepts: paired(["10.10.0.0/24", "10.20.1.0/24"]),
      at: "tunnels[0].pairs[0]",
      says: /is IPv4 on our side and IPv6 on the peer's/,
    },
  ],
  GW037: [
    {
      refuses: {
        ...paired(["10.10.0.0/24", "10.20.9.0/24"], ["10.11.0.0/24", "10.20.1.0/24"]),
        "tunnels.0.probe": probe,
      },
      accepts: {
        ...paired(["10.10.0.0/24", "10.20.1.0/24"], ["10.11.0.0/24", "10.20.9.0/24"]),
        "tunnels.0.probe": probe,
      },
      at: "tunnels[0].probe.target",
      says: /10\.20\.1\.100 is in no pair with 10\.10\.0\.2: write an address in 10\.20\.9\.0\/24/,
    },
  ],
  GW073: [
    {
      refuses: paired(["10.10.0.0/24", "10.20.1.0/24"], ["10.11.0.0/24", "10.20.9.0/24", tcp]),
      accepts: paired(["10.10.0.0/24", "10.20.1.0/24", tcp], ["10.11.0.0/24", "10.20.9.0/24", tcp]),
      at: "tunnels[0].pairs",
      says: /has pairs for tcp only beside pairs for everything/,
    },
  ],
  GW085: [
    {
      refuses: { "tunnels.0.remote": undefined },
      accepts: {},
      at: "tunnels[0].remote",
      says: /is missing: write a list such as .*, or pairs in place of local and remote/,
    },
    {
      refuses: { "tunnels.0.pairs": [{ local: "10.10.0.0/24", remote: "10.20.1.0/24" }] },
      accepts: paired(["10.10.0.0/24", "10.20.1.0/24"]),
      at: "tunnels[0].pairs",
      says: /stands beside local or remote/,
    },
  ],
};
