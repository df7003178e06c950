import { Explanations } from "../../../operate/serve/http/explanations";
import type { Explanation } from "../../../operate/serve/source";

/** Explanations that are open until they are answered, by tunnel. */
function open() {
  const answers = new Map<string, (found: Explanation) => void>();
  const stop = new AbortController();
  const explanations = new Explanations(
    (tunnel) => new Promise((resolve) => answers.set(tunnel, resolve)),
    stop.signal,
  );
  const answer = (tunnel: string) =>
    answers.get(tunnel)?.({ cause: `${tunnel} is odd`, evidence: [] });
  return { explanations, answer, stop, asked: () => [...answers.keys()] };
}

test("two explanations are looked for at a time, and the next one when either has ended", async () => {
  const { explanations, answer, asked } = open();
  const west = explanations.ask("west");
  const east = explanations.ask("east");
  await expect(explanations.ask("north")).rejects.toThrow("ask again in a moment");
  expect(explanations.ask("east")).toBe(east);
  answer("west");
  expect((await west).cause).toBe("west is odd");
  const north = explanations.ask("north");
  expect(asked()).toEqual(["west", "east", "north"]);
  answer("east");
  answer("north");
  await Promise.all([east, north]);
});

test("an explanation ends with the program", async () => {
  const { explanations, stop } = open();
  const west = explanations.ask("west");
  stop.abort();
  await expect(west).rejects.toThrow("No answer within");
});
