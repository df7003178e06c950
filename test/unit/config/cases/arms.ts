import type { Values } from "../../support/stack";
import type { Case } from "./case";

const vio1 = { interface: "vio1", address: "198.51.100.1/24", bridge: "br1" };
const two: Values = {
  "network.outside": vio1,
  "network.gateway": "198.51.100.254",
  "network.behindNat": false,
};
const outsideOfIpv6: Values = {
  ...two,
  "network.outside": { ...vio1, address: "2001:db8::3/64" },
  "network.gateway": "2001:db8::fe",
  "network.publicAddress": "2001:db8::3",
  tunnels: [],
};
const fromIso: Values = {
  "hypervisor.mediaPool": "media",
  source: { iso: { release: "7.9" } },
  "admin.publicKeys": ["ssh-ed25519 AAAA admin"],
};
const trunk = { name: "trunk", interface: "vio2", bridge: "br2" };
const dmz = {
  name: "dmz",
  interface: "vlan20",
  address: "10.30.0.1/24",
  vlan: { tag: 20, parent: "vio2" },
};
const three: Values = { ...two, "network.inside": [trunk, dmz] };
const withInside = (...inside: Values[]): Values => ({ ...two, "network.inside": inside });
const perimeter = {
  driver: "nftables",
  connection: { host: "10.10.0.1" },
  outside: { interface: "ext0", address: "198.51.100.1" },
};

export const armCases: Record<string, Case[]> = {
  GW200: [
    {
      refuses: withInside(trunk, { ...dmz, address: "10.10.0.128/25" }),
      accepts: three,
      at: "network.inside[1].address",
      says: /10\.10\.0\.128\/25 overlaps network\.address/,
    },
    {
      refuses: withInside(trunk, { ...dmz, name: "trunk" }),
      accepts: three,
      at: "network.inside[1].name",
      says: /trunk is the name of network\.inside\[0\] too/,
    },
    {
      refuses: { ...three, "network.outside.interface": "vio0" },
      accepts: three,
      at: "network.outside.interface",
      says: /vio0 is also network's/,
    },
  ],
  GW201: [
    {
      refuses: withInside(trunk, { ...dmz, interface: "vio3" }),
      accepts: three,
      at: "network.inside[1].interface",
      says: /vio3 is no VLAN's name: write vlan20/,
    },
    {
      refuses: withInside(trunk, { ...dmz, vlan: { tag: 20, parent: "vio7" } }),
      accepts: three,
      at: "network.inside[1].vlan.parent",
      says: /vio7 is no network card that is declared/,
    },
  ],
  GW202: [
    {
      refuses: { ...two, "network.outside.interface": "vio2" },
      accepts: two,
      at: "network.outside.interface",
      says: /vio2 is not what OpenBSD calls the second network card: write vio1/,
    },
  ],
  GW203: [
    {
      refuses: { ...two, "network.outside.bridge": undefined },
      accepts: two,
      at: "network.outside.bridge",
      says: /is missing, and the interface is a network card/,
    },
    {
      refuses: withInside(trunk, { ...dmz, bridge: "br2" }),
      accepts: three,
      at: "network.inside[1].bridge",
      says: /belongs to no VLAN/,
    },
  ],
  GW204: [
    {
      refuses: withInside(trunk),
      accepts: three,
      at: "network.inside[0].address",
      says: /is missing, and no VLAN is on the interface/,
    },
    {
      refuses: { ...two, "network.outside.aliases": ["2001:db8::9"] },
      accepts: { ...two, "network.outside.aliases": ["198.51.100.4"] },
      at: "network.outside.aliases[0]",
      says: /of another family than the address/,
    },
    {
      refuses: { ...two, "network.aliases": ["10.10.0.2"] },
      accepts: { ...two, "network.aliases": ["10.10.0.3"] },
      at: "network.aliases[0]",
      says: /is the interface's address itself/,
    },
  ],
  GW205: [
    {
      refuses: { ...two, perimeter },
      accepts: { perimeter },
      at: "perimeter",
      says: /forwards to a gateway that has the public address itself/,
    },
  ],
  GW206: [
    {
      refuses: { "network.aliases": ["10.10.0.3"] },
      accepts: { ...two, "network.aliases": ["10.10.0.3"] },
      at: "network.aliases",
      says: /needs a second arm/,
    },
    {
      refuses: { ...two, "network.internet": ["2001:db8:10::/64"] },
      accepts: { ...two, "network.internet": ["10.10.0.0/24"] },
      at: "network.internet[0]",
      says: /is not translated: it is IPv6/,
    },
    {
      refuses: { ...outsideOfIpv6, "network.internet": ["10.10.0.0/24"] },
      accepts: outsideOfIpv6,
      at: "network.internet[0]",
      says: /has no address to be translated to: the outside is IPv6/,
    },
    {
      refuses: { "network.internet": ["10.10.0.0/24"] },
      accepts: {},
      at: "network.internet[0]",
      says: /needs a second arm/,
    },
  ],
  GW093: [
    {
      refuses: {
        ...fromIso,
        "network.address": "10.10.0.2/24",
        "network.gateway": "2001:db8::fe",
      },
      accepts: { ...outsideOfIpv6, ...fromIso },
      at: "network.gateway",
      says: /2001:db8::fe is IPv6: write an IPv4 one/,
    },
  ],
  GW020: [
    {
      refuses: { ...two, "network.gateway": "10.10.0.1" },
      accepts: two,
      at: "network.gateway",
      says: /is not in the network of 198\.51\.100\.1\/24: .*correct network\.outside\.address/,
    },
  ],
  GW023: [
    {
      refuses: { ...two, "network.behindNat": true },
      accepts: two,
      at: "network.behindNat",
      says: /gateway's own address: write false/,
    },
  ],
  GW034: [
    {
      refuses: { ...three, "tunnels.0.remote": ["10.30.0.0/16"] },
      accepts: three,
      at: "tunnels[0].remote[0]",
      says: /overlaps network\.inside\[1\]\.address/,
    },
  ],
};
