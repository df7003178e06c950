import { forTerminal } from "../../../operate/terminal";
import { announced, patiently } from "../../../operate/patience";

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** What it says of work that ends after so long. */
async function said(terminal: boolean, milliseconds: number): Promise<string> {
  let text = "";
  const err = (more: string) => {
    text += more;
  };
  const work = new Promise((resolve) => setTimeout(resolve, milliseconds));
  const done = patiently({ terminal, err }, "asking gw", work);
  await jest.advanceTimersByTimeAsync(milliseconds);
  await done;
  return forTerminal(text);
}

test("what takes long is named on a terminal, and taken back", async () => {
  expect(await said(true, 5000)).toBe("asking gw …\r\x1b[K");
});

test.each([
  ["is quick", true, 1000],
  ["nobody watches", false, 5000],
])("nothing is said of what %s", async (_, terminal, milliseconds) => {
  expect(await said(terminal, milliseconds)).toBe("");
});

test("a failure passes through", async () => {
  const err = () => undefined;
  await expect(
    patiently({ terminal: true, err }, "x", Promise.reject(new Error("no way there"))),
  ).rejects.toThrow("no way there");
});

test.each([
  [true, "asking gw …", "\r\x1b[K"],
  [false, "asking gw …\n", ""],
])("what is announced is said at once (to a terminal: %s)", async (terminal, first, last) => {
  let text = "";
  let finish = (): void => undefined;
  const work = new Promise<void>((resolve) => (finish = resolve));
  const done = announced({ terminal, err: (more) => (text += more) }, "asking gw", work);
  expect(text).toBe(first);
  finish();
  await done;
  expect(forTerminal(text)).toBe(first + last);
});
