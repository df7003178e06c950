import { harmless } from "../../../config/harmless";
import { main } from "../../../operate/cli";
import { loadRun } from "../../../operate/catalogue";
import { EXIT } from "../../../contract/exit";
import { Refusal, type Io } from "../../../operate/command";
import type { Run } from "../../../operate/commandLine/implement";
import { paint } from "../../../operate/status/text";
import { CLEAR_SCREEN, control, forTerminal, LINE_AGAIN } from "../../../operate/terminal";

jest.mock("../../../operate/catalogue", () => ({
  ...jest.requireActual<object>("../../../operate/catalogue"),
  loadRun: jest.fn(),
}));

/** What a gateway, a peer or a hypervisor might say. */
const HOSTILE = [
  "\x1b]0;title\x07",
  "\x1b[2J\x1b[1;1Hproven",
  "\x1bc",
  "\x1b]52;c;cm0gLXJm\x07",
  "\x9b2J",
  "\x90payload\x9c",
  "down\rproven",
  "down\b\b\b\bproven",
  "\u202enevorp",
  "a\u2028b",
  "\x7f\0\x07",
  "\x1b[32mproven\x1b[0m",
];
/** All that may reach a terminal of what others say. */
const INERT = /^[\t\n\x20-\x7e\u00a0-\uffff]*$/;
const BIDI = /[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

test.each(HOSTILE)("%j of others is shown and not obeyed", (text) => {
  const shown = forTerminal(`west ${text} east`);
  expect(shown).toMatch(INERT);
  expect(shown).not.toMatch(BIDI);
  expect(shown).toMatch(/^west .*\\u.* east$/);
});

test("text without control characters stays as it is", () => {
  for (const text of ["west\tup\neast – größer …\n", "", "\\u001b"]) {
    expect(forTerminal(text)).toBe(text);
  }
  expect(forTerminal("a\r\nb\r\n")).toBe("a\nb\n");
});

test("a JSON document stays the same document", () => {
  const document = { reason: HOSTILE.join(""), tab: "\t" };
  const shown = harmless(JSON.stringify(document));
  expect(shown).toMatch(INERT);
  expect(JSON.parse(shown)).toEqual(document);
});

test("our own colours and cursor movements reach the terminal", () => {
  expect(forTerminal(`${LINE_AGAIN}half${CLEAR_SCREEN}`)).toBe("\r\x1b[Khalf\x1b[H\x1b[2J");
  expect(forTerminal(paint("green", "proven\x1b[2J", true))).toBe(
    "\x1b[32mproven\\u001b[2J\x1b[0m",
  );
});

test("what others say in the form of our own sequences is text", () => {
  expect(forTerminal("<0123456789abcdef0123456789abcdef:\x1bc>")).toMatch(INERT);
  expect(control("x")).not.toBe("<0123456789abcdef0123456789abcdef:x>");
});

describe("every command", () => {
  const run = async (work: Run): Promise<string> => {
    let text = "";
    const keep = (more: string): void => {
      text += more;
    };
    const io: Io = {
      ...{ out: keep, err: keep, terminal: true, columns: 80, stdin: () => Promise.resolve("") },
      signal: new AbortController().signal,
    };
    jest.mocked(loadRun).mockResolvedValue(work);
    await main(["status"], io);
    return text;
  };
  const hostile = HOSTILE.join("\n");
  test.each<[string, Run]>([
    [
      "prints results",
      (_, io) => {
        io.out(hostile);
        return Promise.resolve(EXIT.ok);
      },
    ],
    [
      "warns",
      (_, io) => {
        io.err(hostile);
        return Promise.resolve(EXIT.ok);
      },
    ],
    ["refuses", () => Promise.reject(new Refusal(hostile))],
  ])("that %s goes through the filter", async (_, work) => {
    const text = await run(work);
    expect(text).toContain("proven");
    expect(text).toMatch(INERT);
    expect(text).not.toMatch(BIDI);
  });
});
