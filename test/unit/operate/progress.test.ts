import { forTerminal } from "../../../operate/terminal";
import { Progress } from "../../../operate/media/progress";

const MIB = 2 ** 20;

/** What is printed when `seconds` go by, one update each. */
function printed(terminal: boolean, seconds: readonly number[], total?: number): string[] {
  const lines: string[] = [];
  let now = 0;
  const io = { terminal, err: (text: string) => lines.push(forTerminal(text)) };
  const progress = new Progress("install79.iso", io, () => now * 1000);
  for (const second of seconds) {
    now = second;
    progress.update(second * MIB, total);
  }
  progress.end();
  return lines;
}

test("what is over in two seconds says nothing", () => {
  expect(printed(true, [0, 1, 1.9], 2 * MIB)).toEqual([]);
  expect(printed(false, [0, 1, 1.9], 2 * MIB)).toEqual([]);
});

test("in a terminal one line is written over, and ended", () => {
  expect(printed(true, [1, 2, 2.1, 3], 4 * MIB)).toEqual([
    "\r\u001b[Kinstall79.iso: 2.0 MiB of 4.0 MiB (50 %)",
    "\r\u001b[Kinstall79.iso: 3.0 MiB of 4.0 MiB (75 %)",
    "\n",
  ]);
});

test("in a log there is a line every ten seconds, also when the size is not known", () => {
  expect(printed(false, [1, 2, 3, 11, 12, 13])).toEqual([
    "install79.iso: 2.0 MiB\n",
    "install79.iso: 12.0 MiB\n",
  ]);
});
