import fc from "fast-check";
import {
  addressOf,
  contains,
  family,
  formatNetwork,
  hostNetwork,
  inside,
  overlap,
  parseAddress,
  parseNetwork,
  type Network,
} from "../../../config/net";
import { address, bitNetwork, bitNetworks, cidr, holds } from "../support/networks";

function network(text: string): Network {
  const parsed = parseNetwork(text);
  if (!parsed) throw new Error(`${text} did not parse`);
  return parsed;
}

describe.each([32, 128] as const)("networks of %i bits", (width) => {
  it("clear exactly the host bits", () => {
    fc.assert(
      fc.property(bitNetwork(width), (one) => {
        const cleared = one.bits.slice(0, one.prefix).padEnd(width, "0");
        const expected = parseAddress(address({ ...one, bits: cleared }));
        expect(network(cidr(one))).toMatchObject({ address: expected, prefix: one.prefix });
      }),
    );
  });

  it("are read back as they were written", () => {
    fc.assert(
      fc.property(bitNetwork(width), (one) => {
        const parsed = network(cidr(one));
        expect(parseNetwork(formatNetwork(parsed))).toEqual(parsed);
      }),
    );
  });

  it("contain what shares their prefix, and overlap when one contains the other", () => {
    fc.assert(
      fc.property(bitNetworks(width), ([a, b]) => {
        const [one, other] = [network(cidr(a)), network(cidr(b))];
        expect(contains(one, other)).toBe(holds(a, b));
        expect(overlap(one, other)).toBe(holds(a, b) || holds(b, a));
        expect(overlap(other, one)).toBe(overlap(one, other));
      }),
    );
  });

  it("of one host hold that host only", () => {
    fc.assert(
      fc.property(bitNetworks(width), ([a, b]) => {
        const host = hostNetwork(address(a));
        expect(host?.prefix).toBe(width);
        expect(host && contains(network(cidr(b)), host)).toBe(holds(b, { ...a, prefix: width }));
        expect(inside(address(a), ["nonsense", cidr(b)])).toBe(holds(b, { ...a, prefix: width }));
      }),
    );
  });
});

it("keeps the families apart", () => {
  expect(overlap(network("0.0.0.0/0"), network("::/0"))).toBe(false);
  expect(family("10.0.0.0/8")).toBe(4);
  expect(family("2001:db8::1")).toBe(6);
  expect(family("gateway")).toBeUndefined();
  expect(inside("gateway", ["10.0.0.0/8"])).toBe(false);
});

it.each([
  "10.1",
  "010.0.0.1",
  "0x0a.0.0.1",
  "256.1.1.1",
  "1.2.3",
  "fe80::1%em0",
  "::1::",
  "",
  "any",
])("%p is no address", (text) => {
  expect(parseAddress(text)).toBeUndefined();
  expect(parseNetwork(`${text}/8`)).toBeUndefined();
});

it.each([
  "10.0.0.0",
  "10.0.0.0/",
  "10.0.0.0/33",
  "10.0.0.0/08",
  "10.0.0.0/-1",
  "::/129",
  "/8",
  "10.0.0.0/8/8",
])("%p is no network", (text) => {
  expect(parseNetwork(text)).toBeUndefined();
});

it("spells IPv6 as RFC 5952 does", () => {
  expect(parseAddress("2001:0DB8:0:0:1:0:0:1")).toBe("2001:db8::1:0:0:1");
  expect(formatNetwork(network("2001:DB8::/32"))).toBe("2001:db8::/32");
});

it("takes the address off its prefix", () => {
  expect(addressOf("10.10.0.2/24")).toBe("10.10.0.2");
});
