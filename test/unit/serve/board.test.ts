import { Board } from "../../../operate/serve/board";
import type { Declaration } from "../../../operate/serve/source";
import type { TunnelState } from "../../../contract/documents/status";
import { TestClock } from "./support/clock";
import { simulated } from "./support/simulation";

const declaration: Declaration = {
  gateway: { name: "gw-test", address: "10.10.0.2", daemon: "iked" },
  tunnels: [
    {
      ...{ name: "west", peer: "198.51.100.11", daemon: "iked" },
      networks: [{ local: "10.10.0.0/24", remote: "10.20.1.0/24" }],
    },
  ],
};

function board(): {
  board: Board;
  clock: TestClock;
  look: (state: TunnelState, name?: string) => void;
} {
  const clock = new TestClock();
  const tested = new Board(15, { declaration, explains: false });
  const look = (state: TunnelState, name = "west"): void => {
    const at = clock.now();
    const [tunnel] = simulated({ count: 1, state: () => state, seconds: at.steady / 1000 }).tunnels;
    if (tunnel === undefined) throw new Error("no tunnel");
    const status = { ...simulated({ count: 0 }), tunnels: [{ ...tunnel, name }] };
    tested.accept(status, at, at);
  };
  return { board: tested, clock, look };
}

test("a declared tunnel is there, unknown, before anybody looked", () => {
  const { board: tested, clock } = board();
  const page = tested.page(clock.now());
  expect(page.tunnels).toMatchObject([{ name: "west", peer: "198.51.100.11", state: "unknown" }]);
  expect(page.stale).toBe(true);
  expect(page.gateway?.name).toBe("gw-test");
});

test("after three intervals without an answer nothing is proven any more", async () => {
  const { board: tested, clock, look } = board();
  look("proven");
  await clock.advance(45);
  expect(tested.page(clock.now()).tunnels).toMatchObject([{ state: "proven" }]);
  await clock.advance(1);
  const page = tested.page(clock.now());
  expect(page.stale).toBe(true);
  expect(page.tunnels).toMatchObject([{ state: "unknown" }]);
  expect(page.tunnels[0]).not.toHaveProperty("rttMs");
  expect(page.ageSeconds).toBe(46);
});

test("a clock that is set back does not make old data young", async () => {
  const { board: tested, clock, look } = board();
  look("proven");
  await clock.advance(46);
  clock.setBack(3600);
  expect(tested.page(clock.now()).tunnels).toMatchObject([{ state: "unknown" }]);
});

test("a failure says since when, and the next answer ends it", async () => {
  const { board: tested, clock, look } = board();
  look("proven");
  await clock.advance(15);
  tested.fail("no route", clock.now());
  const since = new Date(clock.now().wall).toISOString();
  await clock.advance(15);
  tested.fail("no route", clock.now());
  expect(tested.page(clock.now()).failure).toEqual({ message: "no route", since });
  look("proven");
  expect(tested.page(clock.now()).failure).toBeUndefined();
  expect(tested.counts).toMatchObject({ collections: 4, errors: 2 });
});

test("the last proof stays when the tunnel goes down, and is only ever of a proven answer", async () => {
  const { board: tested, clock, look } = board();
  look("established");
  expect(tested.page(clock.now()).tunnels[0]?.lastProof).toBeUndefined();
  look("proven");
  const proof = new Date(clock.now().wall).toISOString();
  await clock.advance(15);
  look("down");
  expect(tested.page(clock.now()).tunnels[0]).toMatchObject({ state: "down", lastProof: proof });
});

test("state changes are counted, and not knowing in between is none", async () => {
  const { board: tested, clock, look } = board();
  for (const state of ["proven", "unknown", "proven", "down", "proven"] as const) {
    look(state);
    await clock.advance(15);
  }
  expect(tested.details("west", clock.now())?.stateChanges).toBe(2);
});

test("a tunnel that the answer does not name is gone", () => {
  const { board: tested, clock, look } = board();
  look("proven", "west");
  look("proven", "east");
  expect(tested.page(clock.now()).tunnels.map(({ name }) => name)).toEqual(["east"]);
  expect(tested.details("west", clock.now())).toBeUndefined();
});

test("two undeclared tunnels of one name are both shown", () => {
  const { board: tested, clock } = board();
  const { tunnels, ...rest } = simulated({ count: 2, state: () => "unmanaged" });
  const same = tunnels.map((tunnel) => ({ ...tunnel, name: "stray" }));
  tested.accept({ ...rest, tunnels: same }, clock.now(), clock.now());
  const names = tested.page(clock.now()).tunnels.map(({ name }) => name);
  expect(names).toEqual(["stray", "stray (198.51.100.12)"]);
});

test("rates are per second of what passed between two looks, and none after a gap", async () => {
  const { board: tested, clock, look } = board();
  look("proven");
  await clock.advance(15);
  look("proven");
  const [line] = tested.page(clock.now()).tunnels;
  const { history } = tested.details("west", clock.now()) ?? {};
  expect(line?.inRate).toBeGreaterThan(1000);
  expect(history?.in).toEqual([null, Math.round(line?.inRate ?? 0)]);
  await clock.advance(600);
  look("proven");
  expect(tested.page(clock.now()).tunnels[0]).not.toHaveProperty("inRate");
});

test("the history keeps an hour of looks and no more", async () => {
  const { board: tested, clock, look } = board();
  for (let looks = 0; looks < 300; looks++) {
    look("proven");
    await clock.advance(15);
  }
  const { history } = tested.details("west", clock.now()) ?? {};
  expect(history?.at).toHaveLength(240);
  expect((history?.at.at(-1) ?? 0) - (history?.at[0] ?? 0)).toBe(239 * 15);
  expect(tested.histories().west?.at).toHaveLength(40);
});
