import { setTimeout as sleep } from "node:timers/promises";
import { SITES } from "../lab/network/sites";
import { gatewayStatus, stateOf, statusWithin } from "../test/e2e/support/operator";
import { RemoteSite } from "../test/e2e/support/site";
import { clearPath, FAULTS } from "./faultKinds";
import { Pings, Watch } from "./observers";
import type { Measurement } from "./report";

const RECOVERED_WITHIN = 180;

/**
 * Faults at random, while `status --watch` looks and somebody else pings through the same tunnels, from
 * the office: what status called proven while not one of these pings was answered is a lie.
 */
export async function faults(minutes: number, seed: number): Promise<Measurement[]> {
  const random = generator(seed);
  const pick = <Item>(items: readonly Item[]): Item =>
    items[Math.floor(random() * items.length)] as Item;
  // The branches have no tunnel of the stack's.
  const declared = new Set((await gatewayStatus()).tunnels.map(({ name }) => name));
  const ends = SITES.filter(({ name }) => declared.has(name));
  const sites = ends.map(({ name }) => new RemoteSite(name));
  for (const { name } of ends) await statusWithin(RECOVERED_WITHIN, name, ["proven"]);
  const pings = new Map(ends.map(({ name, host }) => [name, new Pings(host)]));
  const watch = new Watch();
  const recoveries: number[] = [];
  let inflicted = 0;
  const until = Date.now() + minutes * 60_000;
  try {
    while (Date.now() < until) {
      const [site, fault] = [pick(sites), pick(FAULTS)];
      process.stderr.write(`bench:   ${site.name}: ${fault.name}\n`);
      await fault.begin(site);
      inflicted++;
      await sleep(5000 + random() * 30_000);
      await fault.end(site);
      const ended = Date.now();
      const back = await watch.provenSince(site.name, ended, RECOVERED_WITHIN * 1000);
      recoveries.push((back - ended) / 1000);
      await sleep(random() * 10_000);
    }
  } finally {
    await clearPath();
    for (const site of sites) await site.admitInside();
    await watch.end();
    for (const one of pings.values()) await one.end();
  }
  const final = await gatewayStatus();
  if (ends.some(({ name }) => stateOf(final, name) !== "proven")) {
    throw new Error(`not as it was: ${JSON.stringify(final.tunnels)}`);
  }
  return report(watch, pings, inflicted, recoveries);
}

function report(
  { looks }: Watch,
  pings: ReadonlyMap<string, Pings>,
  inflicted: number,
  recoveries: readonly number[],
): Measurement[] {
  const judged = looks.flatMap(({ from, to, states }) =>
    [...states].map(([name, state]) => ({
      ...{ name, from, to, state },
      answered: pings.get(name)?.answeredBetween(from, to) ?? 0,
    })),
  );
  const lies = judged.filter(({ state, answered }) => state === "proven" && answered === 0);
  for (const lie of lies) process.stderr.write(`bench:   false: ${JSON.stringify(lie)}\n`);
  const modest = judged.filter(
    ({ name, from, to, state }) => state !== "proven" && pings.get(name)?.wholeBetween(from, to),
  );
  const count = (value: number, name: string, target?: string): Measurement => ({
    ...{ name, value, unit: "" },
    ...(target !== undefined && { target }),
  });
  return [
    count(inflicted, "random faults"),
    count(judged.length, "  judgements by status meanwhile"),
    count(lies.length, "  called proven while nothing crossed", "0"),
    count(modest.length, "  not called proven while everything crossed"),
    {
      name: "  from the end of a fault to proven, longest",
      value: Math.max(...recoveries),
      target: "< 120 s",
    },
  ];
}

/** mulberry32: the same faults for the same seed. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
