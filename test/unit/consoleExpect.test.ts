import fc from "fast-check";
import { Expect, FatalLine, NoAnswer, type FatalText } from "../../operate/console/expect";
import { FakeClock } from "./consoleClock";

const FATAL: readonly FatalText[] = [
  { pattern: /panic:/, means: "crashed", fix: "report it" },
  { pattern: /ddb>/, means: "debugger", fix: "report it", isPrompt: true },
];

function setUp(): { clock: FakeClock; console: Expect; typed: string[] } {
  const clock = new FakeClock();
  const typed: string[] = [];
  const console = new Expect({ clock, fatal: FATAL, write: (text) => typed.push(text) });
  return { clock, console, typed };
}

const PROMPT = /(?<![^\n])# /;

test("waits for one of several texts and says which", async () => {
  const { clock, console } = setUp();
  const answer = console.waitFor({ menu: /menu\? /, login: /login: / }, 5);
  console.feed("noise\r\nlog");
  console.feed("in: ");
  await expect(clock.run(answer)).resolves.toMatchObject({ name: "login" });
});

test("of two texts in one chunk the one that ends first is taken, the other stays", async () => {
  const { clock, console } = setUp();
  console.feed("one two ");
  expect((await clock.run(console.waitFor({ two: /two /, one: /one / }, 5))).name).toBe("one");
  expect((await clock.run(console.waitFor({ two: /two /, one: /one / }, 5))).name).toBe("two");
});

test("nothing is matched twice", async () => {
  const { clock, console } = setUp();
  console.feed("# ");
  await clock.run(console.waitFor({ prompt: PROMPT }, 5));
  await expect(clock.run(console.waitFor({ prompt: PROMPT }, 5))).rejects.toThrow(NoAnswer);
});

test("the silence that is an error is the step's own", async () => {
  const { clock, console } = setUp();
  const before = clock.now();
  await expect(clock.run(console.waitFor({ prompt: PROMPT }, 90))).rejects.toThrow(
    "no answer within 90 s",
  );
  expect(clock.now() - before).toBe(90_000);
});

describe("the echo of a sent line", () => {
  test("is not an answer, even when it holds the awaited text", async () => {
    const { clock, console } = setUp();
    console.send("echo done");
    const answer = console.waitFor({ done: /done/ }, 5);
    console.feed("echo done\r\n");
    await expect(clock.run(answer)).rejects.toThrow(NoAnswer);
  });

  test("is not an answer when the editor redraws it", async () => {
    const { clock, console } = setUp();
    console.send("echo done and more");
    const answer = console.waitFor({ done: /done/ }, 5);
    console.feed("echo don\r# o done a      <\r# echo done and more\r\nreally done\r\n");
    expect((await clock.run(answer)).match.index).toBeGreaterThan(40);
  });

  test("a redrawn prompt is not a new prompt", async () => {
    const { clock, console } = setUp();
    console.send("a long command");
    const answer = console.waitFor({ prompt: PROMPT }, 5);
    console.feed("a long\r# ong command\r");
    console.feed("\n");
    await expect(clock.run(answer)).rejects.toThrow(NoAnswer);
  });

  test("does not hide an answer that the line could not be taken for", async () => {
    const { clock, console } = setUp();
    console.send("true; echo mark=$?");
    const answer = console.waitFor({ mark: /mark=\d+\n/ }, 5);
    console.feed("true; echo mark=$?\r\nmark=0\r\n");
    expect((await clock.run(answer)).match[0]).toBe("mark=0\n");
  });

  test("is not fatal", async () => {
    const { clock, console } = setUp();
    console.send("grep panic: log");
    const answer = console.waitFor({ prompt: PROMPT }, 5);
    console.feed("grep panic: log\r\n# ");
    expect((await clock.run(answer)).name).toBe("prompt");
  });
});

describe("a fatal text", () => {
  test("ends the wait with its whole line", async () => {
    const { clock, console } = setUp();
    const answer = console.waitFor({ prompt: PROMPT }, 60);
    console.feed("x\r\nuvm: panic: no me");
    console.feed("mory\r\n# ");
    await expect(clock.run(answer)).rejects.toMatchObject({ line: "uvm: panic: no memory" });
  });

  test("a prompt is fatal without an end of line", async () => {
    const { clock, console } = setUp();
    const answer = console.waitFor({ prompt: PROMPT }, 60);
    console.feed("Stopped at\r\nddb> ");
    await expect(clock.run(answer)).rejects.toMatchObject({ line: "ddb>" });
  });

  test("counts although the power failed in the middle of its line", async () => {
    const { clock, console } = setUp();
    const answer = console.waitFor({ prompt: PROMPT }, 60);
    console.feed("panic: no mem");
    console.end(new Error("gone"));
    await expect(clock.run(answer)).rejects.toThrow(FatalLine);
  });

  test("counts when silence follows it in the middle of its line", async () => {
    const { clock, console } = setUp();
    console.feed("panic: no mem");
    const answer = console.waitFor({ prompt: PROMPT }, 60);
    await expect(clock.run(answer)).rejects.toMatchObject({ line: "panic: no mem" });
  });

  test("after the awaited text it meets the next wait", async () => {
    const { clock, console } = setUp();
    console.feed("# panic: late\r\n");
    await clock.run(console.waitFor({ prompt: PROMPT }, 5));
    await expect(clock.run(console.waitFor({ prompt: PROMPT }, 5))).rejects.toThrow(FatalLine);
  });
});

test("what was said before the end still counts, then the end does", async () => {
  const { clock, console } = setUp();
  console.feed("# ");
  console.end(new Error("the guest is off"));
  await clock.run(console.waitFor({ prompt: PROMPT }, 5));
  await expect(clock.run(console.waitFor({ prompt: PROMPT }, 5))).rejects.toThrow("guest is off");
});

describe("a line by key", () => {
  test("waits for each echo, whatever stands between them", async () => {
    const { clock, console, typed } = setUp();
    const line = console.sendByKey("boot", 4);
    const began = clock.now();
    for (const echo of ["b", "0\no", "o", "t", "\n"])
      clock.after(500, () => {
        console.feed(echo);
      });
    await clock.run(line);
    expect(typed).toEqual(["b", "o", "o", "t", "\r"]);
    expect(clock.now() - began).toBeLessThan(4000);
  });

  test("types a key again that has no echo, and gives up in the end", async () => {
    const { clock, console, typed } = setUp();
    clock.after(5000, () => {
      console.feed("b");
    });
    await clock.run(console.sendByKey("b", 4));
    expect(typed).toEqual(["b", "b", "\r", "\r", "\r", "\r"]);
  });
});

test("more than one line at a time is refused", async () => {
  const { console } = setUp();
  await expect(console.sendByKey("a\rb", 1)).rejects.toThrow("one line");
  expect(() => {
    console.send("a\rb");
  }).toThrow("one line");
});

test("the screen is the last 24 lines as a terminal shows them", () => {
  const { console } = setUp();
  for (let line = 1; line <= 30; line += 1) console.feed(`line ${line}\r\n`);
  console.feed("10%\r100%");
  expect(console.screen()).toHaveLength(24);
  expect(console.screen().at(0)).toBe("line 8");
  expect(console.screen().at(-1)).toBe("100%");
  expect(console.lastLine()).toBe("100%");
});

describe("more output than is kept", () => {
  test("does not hide the answer behind it", async () => {
    const { clock, console } = setUp();
    const answer = console.waitFor({ prompt: PROMPT }, 5);
    console.feed("a line of forty characters, more or less\r\n".repeat(8000));
    console.feed("# ");
    expect((await clock.run(answer)).name).toBe("prompt");
  });

  test("is not taken for the echo of the line before it", async () => {
    const { clock, console } = setUp();
    console.send("wait for done");
    const answer = console.waitFor({ done: /done/ }, 5);
    console.feed(`wait for done\r\n${".".repeat(300_000)}`);
    console.feed("done");
    expect((await clock.run(answer)).name).toBe("done");
  });
});

test("however the bytes are split, the same answers are found", async () => {
  const piece = fc.constantFrom(
    ...[
      "# ",
      "\r\n",
      "\r",
      "login: ",
      "menu? ",
      "mark=0\r\n",
      "panic: x\r\n",
      "ddb>",
      "pan",
      "ic:",
    ],
    ...["\x1b[0m", "\x1b[5;1H", "text", "\b", "send me", "mark=$?"],
  );
  const patterns = { prompt: PROMPT, login: /login: /, menu: /menu\? /, mark: /mark=(\d+)\n/ };
  const hear = async (bytes: string, sizes: readonly number[]): Promise<string[]> => {
    const { console } = setUp();
    const heard: string[] = [];
    const listen = async (): Promise<void> => {
      for (;;) {
        const { name, match } = await console.waitFor(patterns, 1);
        heard.push(`${name} ${match[0]}`);
      }
    };
    console.send("send me mark=1 # ");
    const listener = listen().catch((error: unknown) => heard.push(String(error)));
    for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
      const size = (sizes[turn % sizes.length] ?? 0) + 1;
      console.feed(bytes.slice(at, at + size));
      at += size;
      await new Promise(setImmediate);
    }
    console.end(new Error("end"));
    await listener;
    return heard;
  };
  await fc.assert(
    fc.asyncProperty(
      fc.array(piece, { maxLength: 30 }),
      fc.array(fc.nat(5), { minLength: 1 }),
      async (pieces, sizes) => {
        const bytes = pieces.join("");
        expect(await hear(bytes, sizes)).toEqual(await hear(bytes, [bytes.length]));
      },
    ),
    { numRuns: 60 },
  );
});
