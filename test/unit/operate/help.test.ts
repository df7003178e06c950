import { allCommands } from "../../../operate/catalogue";
import { fitted } from "../../../operate/help";

const HELP = `usage: ./scripts/gateway thing NAME [--on outside|enc0|pflog0] [-c COUNT]
       ./scripts/gateway thing --list

Does a thing with the one that is named, and
says so.

  --on WHERE   the encrypted packets from and to
               its peer
  --list       all of them

Examples:
  ./scripts/gateway thing west --on enc0 | wireshark
`;

test("help is filled to the terminal's width, and what is typed keeps its line", () => {
  expect(fitted(HELP, 36))
    .toBe(`usage: ./scripts/gateway thing NAME [--on outside|enc0|pflog0] [-c COUNT]
       ./scripts/gateway thing --list

Does a thing with the one that is
named, and says so.

  --on WHERE   the encrypted packets
               from and to its peer
  --list       all of them

Examples:
  ./scripts/gateway thing west --on enc0 | wireshark
`);
});

test("no command's help is wider than 80 columns there, but for what is typed", async () => {
  for (const { usage } of await allCommands()) {
    const lines = fitted(usage, 80).split("\n");
    const wide = lines.filter((line) => line.length > 80 && !/^\s*\.\/|^usage: /.test(line));
    expect(wide).toEqual([]);
    // Nothing is lost on the way.
    expect(fitted(usage, 80).split(/\s+/)).toEqual(usage.split(/\s+/));
  }
});
