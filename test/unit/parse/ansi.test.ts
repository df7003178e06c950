import fc from "fast-check";
import { asShown, PlainText } from "../../../parse/ansi";

function plain(...chunks: string[]): string {
  const text = new PlainText();
  return chunks.map((chunk) => text.push(chunk)).join("");
}

test("SeaBIOS on a serial port reads as lines", () => {
  // Captured from SeaBIOS 1.16.2 with graphics=off.
  const bytes =
    "\x1bc\x1b[?7l\x1b[2J\x1b[0mSeaBIOS (version 1.16.2-debian-1.16.2-1)\r\n" +
    "Booting from Hard Disk...\r\nBoot failed: could not read the boot disk\r\n\r\n";
  expect(plain(bytes)).toBe(
    "SeaBIOS (version 1.16.2-debian-1.16.2-1)\n" +
      "Booting from Hard Disk...\nBoot failed: could not read the boot disk\n\n",
  );
});

test.each([
  ["colours", "\x1b[1;31mred\x1b[0m", "red"],
  ["a title", "\x1b]0;a title\x07text", "text"],
  ["a title ended by ST", "\x1b]0;a title\x1b\\text", "text"],
  ["what a terminal's program is told", "\x1b_hidden\x1b\\text", "text"],
  ["a character set", "\x1b(Btext", "text"],
  ["NUL and BEL", "a\0b\x07c", "abc"],
  ["every kind of line end", "a\r\nb\nc\r\r\nd", "a\nb\nc\nd"],
  ["a return at the start of a line", "a\r\n\r# ", "a\n# "],
  ["a line written over", "10%\r20%", "10%\r20%"],
  ["a return that nothing follows", "done\r", "done"],
  ["a backspace", "|\b/", "|\b/"],
  ["a backspace at the start of a line", "\b\bx", "x"],
  ["an address on the next row", "\x1b[01;01Hone\x1b[02;01Htwo", "one\ntwo"],
  ["an address by the other letter", "\x1b[01;01fone\x1b[02;01ftwo", "one\ntwo"],
  ["a step to the right", "\x1b[1;1Ha\x1b[2Cb", "a  b"],
  ["an address where the cursor is", "\x1b[05;01Hbo\x1b[05;03Hot>", "boot>"],
  ["an address where the cursor is, after a scroll", "a\r\nbo\x1b[25;03Hot>", "a\nboot>"],
  ["an address on the row a line end led to", "\x1b[5;1Ha\r\nbo\x1b[6;3Hot>", "a\nboot>"],
  ["an address to the right", "\x1b[1;1Ha\x1b[1;4Hb", "a  b"],
  ["an address back in the line", "\x1b[1;1Habc\x1b[1;3Hd", "abc\bd"],
  ["an address at the start of the line", "\x1b[1;1Habc\x1b[1;1Hd", "abc\rd"],
  ["an address no terminal has", "\x1b[1;1Ha\x1b[1;99999Hb", `a${" ".repeat(398)}b`],
  ["a cleared screen", "text\x1b[2Jnew", "text\nnew"],
  ["a sequence cut off by the end of the line", "\x1b[12\r\ntext", "\ntext"],
  ["a sequence cut off by another", "\x1b[1\x1b[0mtext", "text"],
])("%s", (_, bytes, expected) => {
  expect(plain(bytes)).toBe(expected);
});

test("however the bytes are split, the text is the same", () => {
  const piece = fc.constantFrom(
    ...["text ", "# ", "\r", "\n", "\b", "\x1b", "\x1b[", "12", ";", "1", "H", "J", "m", "\x1b]0;"],
    ...["\x07", "\x1b\\", "\x1b[2J", "\x1b[3;1H", "\x1b(B", "\t", "\0"],
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), fc.array(fc.nat(7)), (pieces, sizes) => {
      const bytes = pieces.join("");
      const chunks: string[] = [];
      for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
        const size = (sizes[turn % Math.max(1, sizes.length)] ?? 0) + 1;
        chunks.push(bytes.slice(at, at + size));
        at += size;
      }
      expect(plain(...chunks)).toBe(plain(bytes));
    }),
  );
});

test.each([
  ["10%\r20%", "20%"],
  ["abc\rd", "dbc"],
  ["|\b/\b-", "-"],
  ["ab\b\b\b\bc", "cb"],
  ["trailing   ", "trailing"],
])("%j is shown as %j", (line, shown) => {
  expect(asShown(line)).toBe(shown);
});
