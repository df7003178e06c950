import { shownAddress, shownNetwork } from "../../../config/nat";
import { negotiated } from "../../../config/selectors";
import { configOf } from "../support/stack";

const networks = [
  { local: "10.10.0.0/24", as: "10.99.0.0/24" },
  { local: "10.13.0.5/32", as: "10.98.0.9/32" },
  { local: "2001:db8:10::/64", as: "2001:db8:99::/64" },
];

it.each([
  ["10.10.0.0/24", "10.99.0.0/24"],
  ["10.13.0.5/32", "10.98.0.9/32"],
  ["10.11.0.0/24", "10.11.0.0/24"],
])("the peer sees %s as %s", (local, shown) => {
  expect(shownNetwork({ networks }, local)).toBe(shown);
});

it.each([
  ["10.10.0.7", "10.99.0.7"],
  ["10.10.0.255", "10.99.0.255"],
  ["10.13.0.5", "10.98.0.9"],
  ["2001:db8:10::a:7", "2001:db8:99::a:7"],
  ["10.11.0.7", "10.11.0.7"],
])("and its host %s as %s", (address, shown) => {
  expect(shownAddress({ networks }, address)).toBe(shown);
});

it("behind one address no host has one of its own", () => {
  expect(shownNetwork({ address: "10.99.0.1" }, "10.10.0.0/24")).toBe("10.99.0.1/32");
  expect(shownAddress({ address: "10.99.0.1" }, "10.10.0.7")).toBeUndefined();
  expect(shownAddress(undefined, "10.10.0.7")).toBe("10.10.0.7");
});

it("negotiates each network as the peer sees it, and 0/0 with kind route", () => {
  const changes = {
    "tunnels.0.local": ["10.10.0.0/24", "10.11.0.0/24"],
    "tunnels.0.nat": { networks: networks.slice(0, 1) },
  };
  const [west] = configOf(changes).tunnels;
  expect(west && negotiated(west, undefined).map(({ from }) => from)).toEqual([
    "10.99.0.0/24",
    "10.11.0.0/24",
  ]);
  expect(west && negotiated({ ...west, kind: "route" }, undefined)).toMatchObject([
    { from: "0.0.0.0/0" },
  ]);
});
