import type { Case } from "./case";
import { greOfRouted } from "./gre";

const probe = { source: "10.10.0.2", target: "10.20.1.100" };
const sec = { unit: 0, address: "169.254.10.2/30", peerAddress: "169.254.10.1" };
const routed = { "tunnels.0.kind": "route", "tunnels.0.sec": sec };
const nat = { "tunnels.0.nat": { address: "10.99.0.1" } };
const mapped = { local: "10.10.0.0/24", as: "10.99.0.0/24" };
const mappedNext = { local: "10.11.0.0/24", as: "10.99.0.0/24" };
const networksOfNat = (...networks: object[]) => ({ "tunnels.0.nat": { networks } });
const mappedNat = networksOfNat(mapped);
const customers = {
  ...mappedNat,
  "tunnels.1.local": ["10.11.0.0/24"],
  "tunnels.1.remote": ["10.20.1.0/24"],
};
const v6Peers = { "ike.daemon": "isakmpd" };

export const selectorCases: Record<string, Case[]> = {
  GW068: [
    {
      refuses: { "tunnels.0.remote": ["::/0"], "tunnels.0.local": ["2001:db8:1::/64"] },
      accepts: routed,
      at: "tunnels[0].remote[0]",
      says: /::\/0 is everything: .*kind: route/,
    },
  ],
  GW069: [
    ...greOfRouted.GW069,
    {
      refuses: { "tunnels.0.kind": "route" },
      accepts: routed,
      at: "tunnels[0].sec",
      says: /is missing, and kind is route/,
    },
    {
      refuses: { "tunnels.0.sec": sec },
      accepts: routed,
      at: "tunnels[0].sec",
      says: /no meaning with kind policy/,
    },
  ],
  GW070: [
    ...greOfRouted.GW070,
    {
      refuses: {
        ...routed,
        "tunnels.1.kind": "route",
        "tunnels.1.sec": { unit: 0, address: "169.254.11.2/30", peerAddress: "169.254.11.1" },
      },
      accepts: {
        ...routed,
        "tunnels.1.kind": "route",
        "tunnels.1.sec": { unit: 1, address: "169.254.11.2/30", peerAddress: "169.254.11.1" },
      },
      at: "tunnels[1].sec.unit",
      says: /sec0 is also tunnels\[0\]/,
    },
  ],
  GW071: [
    ...greOfRouted.GW071,
    {
      refuses: { ...routed, "tunnels.0.sec": { ...sec, peerAddress: "169.254.10.9" } },
      accepts: routed,
      at: "tunnels[0].sec.peerAddress",
      says: /169\.254\.10\.9 is not in the network of 169\.254\.10\.2\/30/,
    },
    {
      refuses: { ...routed, "tunnels.0.sec": { ...sec, peerAddress: "169.254.10.2" } },
      accepts: routed,
      at: "tunnels[0].sec.peerAddress",
      says: /is our own end/,
    },
    {
      refuses: {
        ...routed,
        "tunnels.0.sec": { ...sec, address: "10.10.0.9/30", peerAddress: "10.10.0.10" },
      },
      accepts: routed,
      at: "tunnels[0].sec.address",
      says: /overlaps network\.address/,
    },
  ],
  GW072: [
    {
      refuses: { "tunnels.0.traffic": [{ protocol: "gre", remotePort: 80 }] },
      accepts: { "tunnels.0.traffic": [{ protocol: "tcp", remotePort: 80 }] },
      at: "tunnels[0].traffic[0]",
      says: /gre has no ports/,
    },
  ],
  GW073: [
    {
      refuses: { "tunnels.0.traffic": [{ protocol: "tcp" }, { protocol: "icmp" }] },
      accepts: {
        "tunnels.0.traffic": [{ protocol: "tcp" }, { protocol: "icmp" }],
        "ike.daemon": "isakmpd",
      },
      at: "tunnels[0].traffic",
      says: /has tcp and icmp, of which a strict peer lets tcp pass only: write one protocol/,
    },
    {
      refuses: { "tunnels.0.traffic": [{ protocol: "icmp" }, { protocol: "tcp", remotePort: 80 }] },
      accepts: {
        "tunnels.0.traffic": [
          { protocol: "tcp", localPort: 22 },
          { protocol: "tcp", remotePort: 80 },
        ],
      },
      at: "tunnels[0].traffic",
      says: /has icmp and tcp/,
    },
  ],
  GW074: [
    {
      refuses: { "tunnels.0.traffic": [{ protocol: "icmp6" }] },
      accepts: { "tunnels.0.traffic": [{ protocol: "icmp" }] },
      at: "tunnels[0].traffic",
      says: /has nothing for 10\.10\.0\.0\/24 to 10\.20\.1\.0\/24/,
    },
  ],
  GW075: [
    {
      refuses: { "tunnels.0.traffic": [{ protocol: "tcp" }], "tunnels.0.probe": probe },
      accepts: { "tunnels.0.traffic": [{ protocol: "icmp" }], "tunnels.0.probe": probe },
      at: "tunnels[0].probe",
      says: /is a ping, and traffic has no icmp: remove traffic, or remove the probe/,
    },
    {
      refuses: {
        "ike.daemon": "isakmpd",
        "tunnels.0.traffic": [{ protocol: "tcp" }],
        "tunnels.0.probe": probe,
      },
      accepts: {
        "ike.daemon": "isakmpd",
        "tunnels.0.traffic": [{ protocol: "tcp" }, { protocol: "icmp" }],
        "tunnels.0.probe": probe,
      },
      at: "tunnels[0].probe",
      says: /add protocol: icmp to traffic/,
    },
  ],
  GW076: [
    {
      refuses: { ...nat, "tunnels.0.local": ["10.10.0.0/24", "10.11.0.0/24"] },
      accepts: nat,
      at: "tunnels[0].nat",
      says: /translates 2 local networks to one address: write nat\.networks/,
    },
    {
      refuses: { "tunnels.0.nat": { address: "2001:db8::1" }, ...v6Peers },
      accepts: { ...nat, ...v6Peers },
      at: "tunnels[0].nat",
      says: /is IPv6, and the tunnel has IPv4/,
    },
  ],
  GW077: [
    {
      refuses: { "tunnels.0.nat": { address: "10.20.2.9" } },
      accepts: nat,
      at: "tunnels[0].nat.address",
      says: /10\.20\.2\.9 lies within tunnels\[1\]\.remote\[0\]/,
    },
    {
      refuses: networksOfNat({ ...mapped, as: "10.20.2.0/24" }),
      accepts: mappedNat,
      at: "tunnels[0].nat.networks[0].as",
      says: /10\.20\.2\.0\/24 overlaps tunnels\[1\]\.remote\[0\]/,
    },
  ],
  GW078: [
    {
      refuses: {
        ...nat,
        "tunnels.1.nat": { address: "10.99.0.1" },
        "tunnels.1.local": ["10.11.0.0/24"],
        "tunnels.1.remote": ["10.20.1.0/24"],
      },
      accepts: { ...nat, "tunnels.1.nat": { address: "10.99.0.1" } },
      at: "tunnels[1].nat.address",
      says: /the pair 10\.99\.0\.1\/32 to 10\.20\.1\.0\/24 is also at tunnels\[0\]/,
    },
  ],
  GW236: [
    {
      refuses: { "tunnels.0.nat": { address: "10.99.0.1", networks: [mapped] } },
      accepts: mappedNat,
      at: "tunnels[0].nat",
      says: /has address and networks: write one/,
    },
    {
      refuses: { "tunnels.0.nat": {} },
      accepts: nat,
      at: "tunnels[0].nat",
      says: /has neither/,
    },
  ],
  GW237: [
    {
      refuses: networksOfNat({ local: "10.10.0.0/25", as: "10.99.0.0/25" }),
      accepts: mappedNat,
      at: "tunnels[0].nat.networks[0].local",
      says: /10\.10\.0\.0\/25 is none of the tunnel's local networks: write 10\.10\.0\.0\/24/,
    },
    {
      refuses: networksOfNat(mapped, { ...mapped, as: "10.98.0.0/24" }),
      accepts: mappedNat,
      at: "tunnels[0].nat.networks[1].local",
      says: /is also at tunnels\[0\]\.nat\.networks\[0\]\.local/,
    },
  ],
  GW238: [
    {
      refuses: networksOfNat({ ...mapped, as: "10.99.0.0/25" }),
      accepts: mappedNat,
      at: "tunnels[0].nat.networks[0].as",
      says: /10\.99\.0\.0\/25 is not of the size of 10\.10\.0\.0\/24: write a network of \/24/,
    },
    {
      refuses: networksOfNat({ ...mapped, as: "2001:db8:99::/64" }),
      accepts: mappedNat,
      at: "tunnels[0].nat.networks[0].as",
      says: /is IPv6, and 10\.10\.0\.0\/24 IPv4/,
    },
  ],
  GW239: [
    {
      refuses: {
        ...networksOfNat(mapped, { local: "10.11.0.0/24", as: "10.10.0.0/24" }),
        "tunnels.0.local": ["10.10.0.0/24", "10.11.0.0/24"],
      },
      accepts: {
        ...networksOfNat(mapped, { local: "10.11.0.0/24", as: "10.98.0.0/24" }),
        "tunnels.0.local": ["10.10.0.0/24", "10.11.0.0/24"],
      },
      at: "tunnels[0].nat.networks[1].as",
      says: /10\.10\.0\.0\/24 overlaps tunnels\[0\]\.local\[0\]/,
    },
  ],
  GW240: [
    {
      // Two customers with the same network, of which each sees another one of ours.
      refuses: { ...customers, "tunnels.1.nat": { networks: [mappedNext] } },
      accepts: {
        ...customers,
        "tunnels.1.nat": { networks: [{ ...mappedNext, as: "10.98.0.0/24" }] },
      },
      at: "tunnels[1].nat.networks[0].as",
      says: /10\.99\.0\.0\/24 overlaps tunnels\[0\]\.nat\.networks\[0\]\.as \(10\.99\.0\.0\/24\) for 10\.20\.1\.0\/24/,
    },
    {
      refuses: { ...customers, "tunnels.1.nat": { address: "10.99.0.9" } },
      accepts: { ...customers, "tunnels.1.nat": { address: "10.98.0.9" } },
      at: "tunnels[1].nat.address",
      says: /10\.99\.0\.9 overlaps tunnels\[0\]\.nat\.networks\[0\]\.as/,
    },
    {
      refuses: {
        ...networksOfNat(mapped, { local: "10.11.0.0/24", as: "10.99.0.0/24" }),
        "tunnels.0.local": ["10.10.0.0/24", "10.11.0.0/24"],
      },
      // With another remote network one of ours may be seen so twice.
      accepts: { ...mappedNat, "tunnels.1.nat": { networks: [mapped] } },
      at: "tunnels[0].nat.networks[1].as",
      says: /overlaps tunnels\[0\]\.nat\.networks\[0\]\.as/,
    },
  ],
  GW086: [
    {
      refuses: {},
      accepts: { "tunnels.0.probe": probe, "tunnels.1.enabled": false },
      at: "tunnels[0]",
      says: /has no probe/,
    },
  ],
  GW087: [
    {
      refuses: { "tunnels.0.probe": { ...probe, source: "10.10.0.9" } },
      accepts: { "tunnels.0.probe": probe },
      at: "tunnels[0].probe.source",
      says: /10\.10\.0\.9 is not an address of the gateway that the stack knows: write 10\.10\.0\.2/,
    },
  ],
  GW088: [
    {
      refuses: {
        ...routed,
        "tunnels.0.local": ["2001:db8::/64"],
        "tunnels.0.remote": ["2001:db8:1::/64"],
      },
      accepts: routed,
      at: "tunnels[0].remote[0]",
      says: /is IPv6, and the interface has IPv4 addresses/,
    },
  ],
  GW242: [
    ...["127.0.0.1", "0.0.0.0", "255.255.255.255", "224.0.0.5"].map((peer) => ({
      refuses: { "tunnels.0.peer": peer },
      accepts: { "tunnels.0.peer": "198.51.100.11" },
      at: "tunnels[0].peer",
      says: /no host can have [\d.]+: write the other side's address/,
    })),
    {
      refuses: { "network.publicAddress": "127.0.0.1" },
      accepts: { "network.publicAddress": "198.51.100.1" },
      at: "network.publicAddress",
      says: /no host can have 127\.0\.0\.1: write what the peers see/,
    },
    ...["127.0.0.0/8", "0.0.0.0/8"].map((remote) => ({
      refuses: { "tunnels.0.remote": [remote] },
      accepts: { "tunnels.0.remote": ["10.20.1.0/24"] },
      at: "tunnels[0].remote[0]",
      says: /no host can be in .*: write the hosts' network/,
    })),
    {
      refuses: networksOfNat({ ...mapped, as: "127.1.0.0/24" }),
      accepts: mappedNat,
      at: "tunnels[0].nat.networks[0].as",
      says: /no host can be in 127\.1\.0\.0\/24/,
    },
  ],
};
