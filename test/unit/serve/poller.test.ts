import { Board } from "../../../operate/serve/board";
import { poll } from "../../../operate/serve/poller";
import type { Collector } from "../../../operate/serve/source";
import { TestClock } from "./support/clock";
import { simulated } from "./support/simulation";

function polling(collect: Collector): {
  board: Board;
  clock: TestClock;
  log: string[];
  changes: () => number;
  stop: () => Promise<void>;
} {
  const clock = new TestClock();
  const board = new Board(15, { declaration: undefined, explains: false });
  const log: string[] = [];
  const end = new AbortController();
  let changes = 0;
  const done = poll({
    ...{ board, collect, clock, intervalSeconds: 15, signal: end.signal },
    log: (line) => log.push(line),
    changed: () => changes++,
  });
  const stop = async (): Promise<void> => {
    end.abort();
    await done;
  };
  return { board, clock, log, changes: () => changes, stop };
}

const well = simulated({ count: 3 });

test("asks at once and then every interval", async () => {
  let asked = 0;
  const { clock, changes, stop } = polling(() => Promise.resolve((asked++, well)));
  await clock.advance(0);
  expect(asked).toBe(1);
  await clock.advance(60);
  expect([asked, changes()]).toEqual([5, 5]);
  await stop();
});

test("the same failure is logged once, another one again, and its end", async () => {
  const answers = ["no route", "no route", "refused", "refused", undefined, undefined];
  const { clock, log, board, stop } = polling(() => {
    const answer = answers.shift();
    return answer === undefined ? Promise.resolve(well) : Promise.reject(new Error(answer));
  });
  await clock.advance(60);
  expect(log).toEqual([
    "collection fails since 2026-11-23T12:00:00.000Z: no route",
    "collection fails since 2026-11-23T12:00:30.000Z: refused",
    "collection works again",
  ]);
  expect(board.counts).toMatchObject({ errors: 4, collections: 5 });
  await stop();
});

test("a collection that hangs is ended and reported, and the next one may work", async () => {
  let hang = true;
  let ended = 0;
  const { clock, board, log, stop } = polling((signal) =>
    hang
      ? new Promise((_, reject) => {
          signal.addEventListener("abort", () => {
            ended++;
            reject(new Error("ended"));
          });
        })
      : Promise.resolve(well),
  );
  await clock.advance(29);
  expect(board.page(clock.now()).failure).toBeUndefined();
  await clock.advance(1);
  expect(board.page(clock.now()).failure?.message).toBe("no answer within 30 s");
  hang = false;
  await clock.advance(30);
  expect(board.page(clock.now())).toMatchObject({ stale: false });
  expect(log.at(-1)).toBe("collection works again");
  expect(ended).toBeGreaterThan(0);
  await stop();
});

test("collections that cannot be ended do not pile up", async () => {
  let asked = 0;
  const { clock, board, stop } = polling(() => (asked++, new Promise<never>(() => undefined)));
  await clock.advance(3600);
  expect(asked).toBe(3);
  expect(board.page(clock.now()).failure?.message).toContain("3 collections hang");
  await stop();
});

test("the end interrupts a collection and is no failure", async () => {
  const { clock, log, board, stop } = polling(
    (signal) =>
      new Promise((_, reject) => {
        signal.addEventListener("abort", () => {
          reject(new Error("aborted"));
        });
      }),
  );
  await clock.advance(1);
  await stop();
  expect(log).toEqual([]);
  expect(board.counts.errors).toBe(0);
});
