import fc from "fast-check";
import { meantNetwork, prefixOfMask } from "../../../config/meantNetwork";
import { formatNetwork, parseNetwork } from "../../../config/net";

const dotted = (value: bigint) =>
  [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 0xffn)).join(".");

const networks = fc
  .record({
    address: fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }),
    prefix: fc.integer({ min: 1, max: 31 }),
  })
  .map(({ address, prefix }) => parseNetwork(`${dotted(address)}/${prefix}`))
  .filter((network) => network !== undefined);

it("every notation of a network means that network", () => {
  fc.assert(
    fc.property(networks, (network) => {
      const { address, first, last, prefix } = network;
      const mask = dotted(2n ** 32n - 1n - (last - first));
      const inverse = dotted(last - first);
      const texts = [
        ...[`${address}/${mask}`, `${address} ${mask}`, `${address} / ${mask}`],
        ...[`${address} ${inverse}`, `${address}-${dotted(last)}`],
        ...[`${address}/${prefix} `, `${address} /${prefix}`, `${address}/0${prefix}`],
      ];
      for (const text of texts) {
        const meant = meantNetwork(text);
        expect([text, meant && formatNetwork(meant)]).toEqual([text, `${address}/${prefix}`]);
      }
    }),
  );
});

it.each([
  "10.0.0.0/255.0.255.0",
  "10.0.0.1-10.0.0.9",
  "10.0.0.9-10.0.0.1",
  "10.0.0.5 0.0.0.0",
  "10.0.0.0/24",
  "west",
  "2001:db8::/255.255.255.0.0",
])("%s means no network", (text) => {
  expect(meantNetwork(text)).toBeUndefined();
});

it("a range of IPv6 addresses can be a network", () => {
  const meant = meantNetwork("2001:db8::-2001:db8::ffff");
  expect(meant && formatNetwork(meant)).toBe("2001:db8::/112");
});

it("a mask of all ones is one host", () => {
  expect([prefixOfMask("255.255.255.255"), prefixOfMask("255.255.255.253")]).toEqual([
    32,
    undefined,
  ]);
});
