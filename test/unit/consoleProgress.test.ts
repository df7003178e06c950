import { showProgress } from "../../operate/console/progress";
import { LINE_AGAIN } from "../../operate/terminal";
import { FakeClock } from "./consoleClock";

function seconds(clock: FakeClock, count: number): Promise<void> {
  return clock.run(new Promise<void>((resolve) => clock.after(count * 1000 + 1, resolve)));
}

test("without a terminal: one line per step", async () => {
  const clock = new FakeClock();
  const lines: string[] = [];
  const progress = showProgress({
    clock,
    write: (text) => lines.push(text),
    columns: undefined,
  });
  progress.begin("installer's menu", 180);
  progress.heard(() => "booting");
  await seconds(clock, 5);
  progress.begin("installation", 1200);
  progress.finish();
  expect(lines).toEqual([
    "console: installer's menu (at 0 s, may take 180 s)\n",
    "console: installation (at 5 s, may take 1200 s)\n",
  ]);
});

test("on a terminal: one line with the age and the console's last line, cut to the width", async () => {
  const clock = new FakeClock();
  let screen = "";
  const progress = showProgress({ clock, write: (text) => (screen += text), columns: 40 });
  progress.begin("installation", 1200);
  progress.heard(() => "Installing base79.tgz  60% |************      |");
  await seconds(clock, 3);
  progress.finish();
  const drawn = screen.split(LINE_AGAIN);
  expect(drawn).toContain("installation  3 s  Installing base79.tg");
  for (const line of drawn) expect(line.trimEnd().length).toBeLessThan(40);
  expect(screen.endsWith("\n")).toBe(true);
  expect(screen.match(/\n/g)).toHaveLength(1);
});

test("nothing the guest sends reaches the terminal as control characters", async () => {
  const clock = new FakeClock();
  let screen = "";
  const progress = showProgress({ clock, write: (text) => (screen += text), columns: 80 });
  progress.begin("step", 10);
  progress.heard(() => "a\x1b[2Jb\x9bc");
  await seconds(clock, 1);
  expect(screen).toContain("a [2Jb c");
});

test("after the end nothing is drawn any more", async () => {
  const clock = new FakeClock();
  let screen = "";
  const progress = showProgress({ clock, write: (text) => (screen += text), columns: 80 });
  progress.begin("step", 10);
  progress.finish();
  progress.finish();
  const drawn = screen;
  await seconds(clock, 5);
  expect(screen).toBe(drawn);
});
