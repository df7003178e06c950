import fc from "fast-check";
import { holds, nearerSelectors, overlappingPairs } from "../../../config/nesting";
import { type Network, overlap, parseNetwork } from "../../../config/net";
import { topology } from "../../golden/topologies";
import { edited, load, values } from "../support/stack";

function network(text: string): Network {
  const parsed = parseNetwork(text);
  if (!parsed) throw new Error(text);
  return parsed;
}

/** Few addresses, so that many hold each other. */
const networks = fc
  .tuple(fc.integer({ min: 0, max: 15 }), fc.integer({ min: 28, max: 32 }))
  .map(([host, prefix]) => {
    const size = 2 ** (32 - prefix);
    return network(`10.0.0.${Math.floor(host / size) * size}/${prefix}`);
  });
const pair = fc.record({ local: networks, remote: networks });

it("pairs that a packet may fit both of are all found, each once", () => {
  fc.assert(
    fc.property(fc.array(pair, { maxLength: 12 }), (drawn) => {
      const pairs = drawn.map((one, id) => ({ ...one, id }));
      const key = (ids: readonly number[]) => [...ids].sort((a, b) => a - b).join(" ");
      const found = overlappingPairs(pairs).map(([one, other]) => key([one.id, other.id]));
      const wanted = pairs.flatMap((one) =>
        pairs
          .filter(({ id }) => id < one.id)
          .filter((two) => overlap(one.local, two.local) && overlap(one.remote, two.remote))
          .map((two) => key([one.id, two.id])),
      );
      expect(found.sort()).toEqual(wanted.sort());
    }),
  );
});

it("the one with the wider remote network comes first", () => {
  fc.assert(
    fc.property(fc.array(pair, { maxLength: 12 }), (pairs) => {
      for (const [one, other] of overlappingPairs(pairs)) {
        expect(one.remote.prefix).toBeLessThanOrEqual(other.remote.prefix);
      }
    }),
  );
});

it("a pair holds another one by both its sides", () => {
  const of = (local: string, remote: string) => ({
    local: network(local),
    remote: network(remote),
  });
  const wide = of("10.1.0.0/16", "10.2.0.0/16");
  expect(holds(wide, of("10.1.1.0/24", "10.2.1.0/24"))).toBe(true);
  expect(holds(wide, of("10.1.1.0/24", "10.0.0.0/8"))).toBe(false);
  expect(holds(wide, of("10.0.0.0/8", "10.2.1.0/24"))).toBe(false);
});

it("a tunnel leaves to another one what lies in its own networks, as the other one carries it", () => {
  const { tunnels } = load(
    edited(
      {
        "tunnels.0.traffic": [{ protocol: "tcp", remotePort: 443 }],
        "tunnels.1.remote": ["10.20.0.0/16", "10.30.0.0/16"],
      },
      values(),
    ),
  ).config;
  const [west, east] = tunnels;
  const found = nearerSelectors(tunnels);
  expect(west && found.get(west)).toBeUndefined();
  expect(east && found.get(east)).toEqual([
    { from: "10.10.0.0/24", to: "10.20.1.0/24", traffic: { protocol: "tcp", remotePort: 443 } },
  ]);
});

it("tunnels to the same networks leave nothing to each other", () => {
  const { tunnels } = topology("group", "iked");
  expect(nearerSelectors(tunnels).size).toBe(0);
});
