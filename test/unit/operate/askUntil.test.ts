import { askUntil } from "../../../operate/askUntil";

const counting = () => {
  let asked = 0;
  return () => Promise.resolve(++asked);
};

it("asks until the answer is a wanted one", async () => {
  const answer = await askUntil(counting(), (found) => found === 3, {
    ...{ milliseconds: 60_000, every: 1 },
  });
  expect(answer).toBe(3);
});

it("gives the last answer when the time is over, and asks at least once", async () => {
  expect(await askUntil(counting(), () => false, { milliseconds: 0, every: 1 })).toBe(1);
});

it("ends with an interruption", async () => {
  const stop = new AbortController();
  const answer = askUntil(counting(), () => false, {
    ...{ milliseconds: 60_000, every: 60_000, signal: stop.signal },
  });
  stop.abort();
  await expect(answer).rejects.toThrow(/abort/);
});
