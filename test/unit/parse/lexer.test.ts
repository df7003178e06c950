import fc from "fast-check";
import { readStatements } from "../../../parse/bsdConf/statements";

const KEYWORDS = new Set(["include", "ike", "any"]);

function read(text: string, files: Record<string, string> = {}) {
  const readInclude = (path: string) => files[path];
  return readStatements({ file: "f", text, readInclude }, KEYWORDS);
}

/** Every statement as `LINE: token token`; quoted tokens in quotes, numbers with #, marks bare. */
function shown(text: string, files: Record<string, string> = {}): string[] {
  return read(text, files).statements.map(
    ({ line, tokens }) =>
      `${line}: ${tokens
        .map(({ kind, text }) => {
          if (kind === "quoted") return `"${text}"`;
          return kind === "number" ? `#${text}` : text;
        })
        .join(" ")}`,
  );
}

function refused(text: string, files: Record<string, string> = {}): string[] {
  return read(text, files).notUnderstood.map(
    ({ file, line, reason }) => `${file}:${line} ${reason}`,
  );
}

// Rules of yylex and lgetc in ipsecctl/parse.y and iked/parse.y.
describe("words", () => {
  it.each([
    ["ike esp", ["1: ike esp"]],
    ["\t ike \t esp  ", ["1: ike esp"]],
    ["\n\n ike\n\nesp", ["3: ike", "5: esp"]],
    ["a # comment", ["1: a"]],
    ["# only\na", ["2: a"]],
    ["a#b", ["1: a"]],
    ["# goes on \\\nhere\nb", ["3: b"]],
    ["a \\\n b", ["1: a b"]],
    ["a\\\nb", ["1: ab"]],
    ["a \\\n\\\n b\nc", ["1: a b", "4: c"]],
    ["a\\b", ["1: ab"]],
    ["10.0.0.0/24", ["1: 10.0.0.0 / #24"]],
    ["2001:db8::1/64", ["1: 2001:db8::1 / #64"]],
    ["::1", ["1: ::1"]],
    ["12345", ["1: #12345"]],
    ["12345a", ["1: 12345a"]],
    ["28800,", ["1: #28800 ,"]],
    ["-5", ["1: #-5"]],
    ["-x", ["1: - x"]],
    ["8h", ["1: 8h"]],
    ["{10.0.0.1, 10.0.0.2}", ["1: { 10.0.0.1 , 10.0.0.2 }"]],
    ["10.0.0.0/8 (10.1.0.0/16)", ["1: 10.0.0.0 / #8 ( 10.1.0.0 / #16 )"]],
    ["8(", ["1: 8 ("]],
    ["user@example.net", ["1: user@example.net"]],
    ["ä", ["1: ä"]],
  ])("%j", (text, statements) => {
    expect(shown(text)).toEqual(statements);
    expect(refused(text)).toEqual([]);
  });
});

describe("quoted strings", () => {
  it.each([
    ['"a b"', ['1: "a b"']],
    ["'a b'", ['1: "a b"']],
    ['"it\'s"', ['1: "it\'s"']],
    ['"a\\"b"', ['1: "a"b"']],
    ['"a\\ b"', ['1: "a b"']],
    ['"a\\nb"', ['1: "a\\nb"']],
    ['"a#b"', ['1: "a#b"']],
    ['"a\nb" c\nd', ['1: "ab" c', "3: d"]],
    ['"a\\\nb"', ['1: "ab"']],
    ['""', ['1: ""']],
    ['"$x"', ['1: "$x"']],
    ['x "y" z', ['1: x "y" z']],
  ])("%j", (text, statements) => {
    expect(shown(text)).toEqual(statements);
  });

  it.each([
    ['"open', ["f:1 a quoted string does not end"]],
    ['"a\\"', ["f:1 a quoted string does not end"]],
    [`"${"x".repeat(9000)}"`, ["f:1 a quoted string is too long"]],
    ["x".repeat(9000), ["f:1 a word is too long"]],
  ])("%.20j is refused", (text, reasons) => {
    expect(refused(text)).toEqual(reasons);
  });
});

describe("macros", () => {
  it.each([
    ['net="10.0.0.0/8"\nike $net', ["2: ike 10.0.0.0 / #8"]],
    ["net = west\nike $net", ["2: ike west"]],
    ['n = "{ 10.0.0.1, 10.0.0.2 }"\n$n', ["2: { 10.0.0.1 , 10.0.0.2 }"]],
    ['r = "ike esp"\n$r from', ["2: ike esp from"]],
    ["a = one two\n$a", ["2: one two"]],
    ['a = one\nb = $a "two"\n$b', ["3: one two"]],
    ["a = one\na = two\n$a", ["3: two"]],
    ["h = west\n$h.example.net", ["2: west.example.net"]],
    ['n = "10.0.0.0"\n$n/24', ["2: 10.0.0.0 / #24"]],
    ['"m" = x\n$m', ["2: x"]],
  ])("%j", (text, statements) => {
    expect(shown(text)).toEqual(statements);
    expect(refused(text)).toEqual([]);
  });

  it("a value with a $ is not expanded again", () => {
    expect(shown('a = x\nb = "$a"\n$b')).toEqual(["3: $ a"]);
  });

  it.each([
    ["ike $nope and more\nike", ["f:1 the macro nope is not defined"], ["2: ike"]],
    ["$\n", ["f:1 the macro  is not defined"], []],
    ['"a b" = c', ["f:1 a macro's name has a blank"], []],
    ["a = any", ["f:1 a macro's value is no text"], []],
    ["a = 12", ["f:1 a macro's value is no text"], []],
    ["a =", ["f:1 a macro's value is no text"], []],
  ])("%j is refused, and the next line is read", (text, reasons, statements) => {
    expect(refused(text)).toEqual(reasons);
    expect(shown(text)).toEqual(statements);
  });

  it("that grow with every line end", () => {
    const doubling = Array.from({ length: 60 }, () => "a = $a $a").join("\n");
    expect(refused(`a = x\n${doubling}\n`).at(-1)).toContain("too long");
  });
});

describe("includes", () => {
  it("stand where they are named, with names and lines of their own", () => {
    const files = { "/etc/b": "b\n\nc", "/etc/c": 'include "/etc/b"\nd' };
    const { statements } = read('a\ninclude "/etc/c"\ne', files);
    expect(statements.map(({ file, line, tokens }) => [file, line, tokens[0]?.text])).toEqual([
      ["f", 1, "a"],
      ["/etc/b", 1, "b"],
      ["/etc/b", 3, "c"],
      ["/etc/c", 2, "d"],
      ["f", 3, "e"],
    ]);
  });

  it("see the macros before them, and leave theirs", () => {
    const files = { b: "$m\nn = two" };
    expect(shown("m = one\ninclude b\n$n", files)).toEqual(["1: one", "3: two"]);
  });

  it.each([
    ['include "/nope"', ["f:1 the included file /nope cannot be read"]],
    ["include", ["f:1 an include names one file"]],
    ["include a b", ["f:1 an include names one file"]],
    ["include /etc/ipsec/a.conf", ["f:1 an include names one file"]],
  ])("%j is refused", (text, reasons) => {
    expect(refused(text)).toEqual(reasons);
  });

  it("that include themselves end", () => {
    expect(refused("include me", { me: "include me" })).toEqual([
      "me:1 files include each other too deeply",
    ]);
  });

  it("that include themselves again and again end as soon", () => {
    const reasons = refused("include me", { me: "include me\n".repeat(9) });
    expect(reasons.slice(8, 10)).toEqual([
      "me:9 files include each other too deeply",
      "me:2 too much is included, or too deeply",
    ]);
    expect(reasons).toHaveLength(9 + 15 * 8);
  });

  it("that double with every level end", () => {
    const level = (n: number): string =>
      n === 12 ? `a ${"x".repeat(8000)}\n` : `include l${n + 1}\n`.repeat(9);
    const files = Object.fromEntries(Array.from({ length: 13 }, (_, n) => [`l${n}`, level(n)]));
    expect(refused("include l0", files).at(-1)).toMatch(/too much is included/);
  });
});

it("no text makes it throw or hang", () => {
  const piece = fc.constantFrom(
    '"',
    "'",
    "\\",
    "\n",
    "$a",
    "a",
    "=",
    " ",
    "#",
    "{",
    "-",
    "1",
    "\u0001",
  );
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(piece, { maxLength: 200 }).map((pieces) => pieces.join("")),
  );
  fc.assert(
    fc.property(text, (some) => {
      read(some, { a: some });
    }),
  );
});
