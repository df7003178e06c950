import fc from "fast-check";
import { aging } from "../../../operate/serve/assets/client/feed";
import { matches } from "../../../operate/serve/assets/client/list";
import { layout, shortened } from "../../../operate/serve/assets/client/mapLayout";
import { troubleOf } from "../../../operate/serve/assets/client/overview";
import { areaPath, ceiling, linePath } from "../../../operate/serve/assets/client/paths";
import { ago, bytes, duration, headline } from "../../../operate/serve/assets/client/words";
import { STATES, type PageState, type TunnelLine } from "../../../operate/serve/pageState";
import type { TunnelState } from "../../../contract/documents/status";

function line(name: string, state: TunnelState = "proven"): TunnelLine {
  return {
    ...{ name, state, peer: "198.51.100.11", daemon: "iked", byHand: false, differences: 0 },
    networks: [{ local: "10.10.0.0/24", remote: "10.20.1.0/24" }],
    ...{ lastProof: "2026-11-23T12:00:00Z", rttMs: 8, inRate: 100, outRate: 50 },
  };
}

function page(states: readonly TunnelState[], more: Partial<PageState> = {}): PageState {
  return {
    ...{ intervalSeconds: 15, ageSeconds: 1, at: "2026-11-23T12:00:00Z", stale: false },
    ...{ problems: [], explains: true },
    tunnels: states.map((state, index) => line(`t${index}`, state)),
    ...more,
  };
}

describe("the headline", () => {
  test.each<[PageState, string, string]>([
    [page(["proven"]), "The tunnel is proven", "proven"],
    [page(["proven", "proven", "disabled"]), "All 2 tunnels are proven", "proven"],
    [page(["proven", "down"]), "1 of 2 tunnels is not proven", "down"],
    [page(["established", "negotiating"]), "2 of 2 tunnels are not proven", "negotiating"],
    [page(["disabled", "unmanaged"]), "No tunnel is wanted", "disabled"],
    [page([]), "No tunnel is wanted", "disabled"],
    [page(["unknown"], { stale: true }), "Nothing current is known", "unknown"],
  ])("%#: %s", (state, text, mood) => {
    expect(headline(state)).toMatchObject({ text, mood });
  });

  test("is only ever proven when every wanted tunnel is, by current data", () => {
    const states = fc.array(fc.constantFrom(...STATES), { maxLength: 12 });
    fc.assert(
      fc.property(states, fc.boolean(), (list, stale) => {
        const wanted = list.filter((state) => state !== "disabled" && state !== "unmanaged");
        const well = wanted.length > 0 && wanted.every((state) => state === "proven") && !stale;
        return (headline(page(list, { stale })).mood === "proven") === well;
      }),
    );
  });
});

describe("a page that hears nothing more", () => {
  test("keeps what it knows for three intervals from when the gateway was asked, and no longer", () => {
    expect(aging(page(["proven"]), 44).tunnels).toMatchObject([{ state: "proven" }]);
    const old = aging(page(["proven"]), 44.5);
    expect(old.stale).toBe(true);
    expect(old.tunnels).toEqual([
      {
        ...{ name: "t0", state: "unknown", peer: "198.51.100.11", daemon: "iked" },
        ...{ byHand: false, differences: 0, lastProof: "2026-11-23T12:00:00Z" },
        networks: [{ local: "10.10.0.0/24", remote: "10.20.1.0/24" }],
      },
    ]);
  });

  test("says so, and what is true of the gateway too", () => {
    const failure = { message: "no route to host", since: "2026-11-23T12:00:00Z" };
    expect(troubleOf(page(["proven"]), undefined)).toBeUndefined();
    expect(troubleOf(page(["proven"]), 0)).toContain("No contact with this page's server");
    expect(troubleOf(page(["proven"], { failure }), undefined)).toMatch(
      /no route to host\. What is shown is of/,
    );
    expect(troubleOf(page(["unknown"], { stale: true }), undefined)).toContain("1 tunnel unknown");
  });
});

test.each([
  ["", undefined, true],
  ["west", undefined, true],
  ["WEST 198.51", undefined, true],
  ["10.20.1", undefined, true],
  ["10.10.0", undefined, true],
  ["proven", undefined, true],
  ["east", undefined, false],
  ["west", "down", false],
  ["west", "proven", true],
] as const)("the filter %j, %s: %s", (text, state, expected) => {
  expect(matches(line("west"), { text, state })).toBe(expected);
});

describe("the map", () => {
  const many = fc.array(fc.constantFrom(...STATES), { maxLength: 600 });

  test("shows every tunnel, inside the picture, at every width and number", () => {
    fc.assert(
      fc.property(many, fc.integer({ min: 300, max: 900 }), (states, width) => {
        const plan = layout(
          states.map((state, index) => line(`t${index}`, state)),
          width,
        );
        const marks =
          plan.kind === "sites" ? plan.sites : plan.clusters.flatMap(({ dots }) => dots);
        expect(marks).toHaveLength(states.length);
        for (const { x, y } of [plan.gateway, ...marks]) {
          expect(x).toBeGreaterThanOrEqual(0);
          expect(x).toBeLessThanOrEqual(width);
          expect(y).toBeGreaterThanOrEqual(0);
          expect(y).toBeLessThanOrEqual(plan.height);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("no swarm covers another or the gateway", () => {
    fc.assert(
      fc.property(many, fc.integer({ min: 400, max: 900 }), (states, width) => {
        const plan = layout(
          states.map((state, index) => line(`t${index}`, state)),
          width,
        );
        if (plan.kind === "sites") return;
        const discs = [{ ...plan.gateway, radius: 29 }, ...plan.clusters];
        discs.forEach((a, index) => {
          for (const b of discs.slice(index + 1)) {
            expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThan(a.radius + b.radius);
          }
        });
      }),
      { numRuns: 60 },
    );
  });

  test("names are shortened to their room", () => {
    expect(shortened("amsterdam-2", 70)).toBe("amsterdam…");
    expect(shortened("oslo", 70)).toBe("oslo");
  });
});

test("a graph has a hole where nothing was known", () => {
  const points = [
    { x: 0, y: 1 },
    { x: 1, y: 2 },
    { x: 2, y: null },
    { x: 3, y: 4 },
  ];
  expect(linePath(points)).toBe("M0 1L1 2M3 4h1");
  expect(areaPath(points, 9)).toBe("M0 9L0 1L1 2L1 9Z");
});

test("an axis ends at 1, 2 or 5 times a power of ten, never below its values", () => {
  expect([0, 1, 3, 7, 999, 1_200_000].map(ceiling)).toEqual([1, 1, 5, 10, 1000, 2_000_000]);
});

test("times and amounts are short", () => {
  expect([0, 59, 60, 3600, 5400, 200_000].map(duration)).toEqual([
    "0 s",
    "59 s",
    "1 min",
    "1 h",
    "1 h 30 min",
    "2 days",
  ]);
  expect([0, 999, 1000, 99_400, 123_456, 5e12].map(bytes)).toEqual([
    "0 B",
    "999 B",
    "1.0 kB",
    "99.4 kB",
    "123 kB",
    "5.0 TB",
  ]);
  expect(ago(undefined, 0)).toBe("not seen yet");
  expect(ago("2026-11-23T12:00:00Z", Date.UTC(2026, 10, 23, 12, 1))).toBe("1 min ago");
});
