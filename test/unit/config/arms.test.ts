import { networkCards, nextHop } from "../../../config/arms";
import { configOf, values } from "../support/stack";

const inside = [
  { name: "trunk", interface: "vio1", bridge: "br-trunk" },
  { name: "dmz", interface: "vlan20", address: "10.30.0.1/24", vlan: { tag: 20, parent: "vio1" } },
];
const outside = { interface: "vio2", address: "198.51.100.1/24", bridge: "br1" };
const { network: given } = values() as { network: object };
const network = { ...given, gateway: "198.51.100.254", behindNat: false, outside, inside };
const twoArmed = configOf({ network, perimeter: undefined }).network;

it.each([
  ["10.10.0.9", "10.10.0.2"],
  ["10.30.0.7", "10.30.0.1"],
  ["192.0.2.7", "10.10.0.2"],
  ["lan.example.net", "10.10.0.2"],
  ["198.51.100.9", "10.10.0.2"],
])("%s sends to the gateway's address %s", (host, address) => {
  expect(nextHop(twoArmed, host)).toBe(address);
});

it("has its network cards in the order of their numbers", () => {
  expect(networkCards(twoArmed).map((arm) => arm.interface)).toEqual(["vio0", "vio1", "vio2"]);
});
