import { Traffic } from "../../../operate/serve/traffic";
import type { TunnelStatus } from "../../../contract/documents/status";

function seen(...associations: [spi: string, bytesIn?: number][]): TunnelStatus {
  return {
    ...{ name: "west", peer: "198.51.100.11", daemon: "iked", state: "proven", differs: [] },
    selectors: associations.map(([spi, bytesIn], index) => ({
      ...{ local: "10.10.0.0/24", remote: `10.20.${index}.0/24`, state: "proven" },
      childSa: { spiIn: spi, spiOut: `${spi}out`, encryption: "aes-256", bytesIn },
    })),
  };
}

function totals(...looks: TunnelStatus[]): number[] {
  const traffic = new Traffic();
  return looks.map((look) => {
    traffic.look(look);
    return traffic.total.bytesIn;
  });
}

test("what was carried before the first answer counts, but is no rate", () => {
  const traffic = new Traffic();
  expect(traffic.look(seen(["a", 500]))).toBeUndefined();
  expect(traffic.look(seen(["a", 700]))?.bytesIn).toBe(200);
  expect(traffic.total.bytesIn).toBe(700);
});

test.each<[string, TunnelStatus[], number[]]>([
  ["a new SA counts from zero", [seen(["a", 900]), seen(["b", 50])], [900, 950]],
  ["a counter that fell was reset", [seen(["a", 900]), seen(["a", 10])], [900, 910]],
  ["every SA of the tunnel counts", [seen(["a", 1], ["b", 2]), seen(["a", 2], ["b", 4])], [3, 6]],
  [
    "one that is missing in one look is not counted twice",
    [seen(["a", 5]), seen(), seen(["a", 7])],
    [5, 5, 7],
  ],
  [
    "one whose counter is missing in one look neither",
    [seen(["a", 5]), seen(["a"]), seen(["a", 7])],
    [5, 5, 7],
  ],
])("%s", (_, looks, expected) => {
  expect(totals(...looks)).toEqual(expected);
});

test("SAs of long ago are forgotten", () => {
  const traffic = new Traffic();
  for (let spi = 0; spi < 1000; spi++) traffic.look(seen([String(spi), 10]));
  expect(traffic.total.bytesIn).toBe(10_000);
  // The oldest is one of those that nothing is known of any more.
  expect(traffic.look(seen(["0", 10]))?.bytesIn).toBe(10);
  expect(traffic.look(seen(["999", 10]))?.bytesIn).toBe(0);
});
