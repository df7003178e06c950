import { assess } from "../../../operate/status/assess";
import { tunnelDetails } from "../../../operate/status/details";
import { statusTable } from "../../../operate/status/table";
import { age, amount, wrapped } from "../../../operate/status/text";
import { forTerminal } from "../../../operate/terminal";
import { parseGwctlLive } from "../../../parse/gwctlLive";
import { declared, deployed } from "./support/deployed";
import { liveText, type LiveTunnel, NOW } from "./support/liveText";

const long = "t".repeat(31);
const live: LiveTunnel[] = [
  { tunnel: declared("west", 1) },
  { tunnel: declared("east", 2), probe: "3 2 12.34" },
  { tunnel: declared(long, 3, { peer: "2001:db8:1234:5678:9abc:def0:1234:5678" }), probe: "3 0 -" },
  { tunnel: declared("south", 4), record: "down", ike: undefined, child: [], probe: undefined },
  { tunnel: declared("north", 5), probe: "error ping: can't assign requested address" },
];
const tunnels = live.map(({ tunnel }) => tunnel);
const at = new Date("2026-11-23T23:36:37Z");
const status = (crossed: [number, number]) => {
  const text = liveText({ tunnels: live.map((one) => ({ ...one, crossed })), iked: "running" });
  return assess({ ...deployed, tunnels }, parseGwctlLive(text), at);
};

test("the worst comes first, within 80 columns", () => {
  const table = statusTable(status([3, 3]), { columns: 80, colours: false });
  expect(Math.max(...table.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(table).toMatchInlineSnapshot(`
    "gw-test (10.10.0.2) iked, up 1h, 2026-11-23T23:36:37Z
    STATE       TUNNEL         PEER            PROBE           IN    OUT   AGE REKEY
    down        south          198.51.100.14   -                -      -     -     -
      ! declared enabled, but taken down by hand: gateway tunnel up south
    established north          198.51.100.15   failed        1.1K   1.1K   10m   50m
      probe 10.10.0.2 to 10.20.5.100: ping: can't assign requested address
    established ttttttttttttt… 2001:db8:1234:… no answer     1.1K   1.1K   10m   50m
    proven      east           198.51.100.12   12 ms -33%    1.1K   1.1K   10m   50m
    proven      west           198.51.100.11   2.1 ms        1.1K   1.1K   10m   50m
    5 tunnels: 1 down, 2 established, 2 proven
    "
  `);
});

test("a second answer shows what crosses per second", () => {
  const later = { ...status([1003, 503]), at: "2026-11-23T23:36:47Z" };
  const table = statusTable(later, { columns: 80, colours: false, previous: status([3, 3]) });
  expect(table).toMatch(/IN\/s +OUT\/s/);
  expect(table).toMatch(/^proven +west +198\.51\.100\.11 +2\.1 ms +8\.2K +4\.1K/m);
});

test("a daemon that the watchdog started is named below the headline: how often, when last and why", () => {
  const text = liveText({
    tunnels: live,
    watchdog: [`daemon iked starts=2 last=${NOW - 600} iked did not run: started`],
  });
  const found = assess({ ...deployed, tunnels }, parseGwctlLive(text), at);
  expect(statusTable(found, { columns: 100, colours: false }).split("\n")[1]).toBe(
    "watchdog: 2 starts of iked, last 2026-11-23T23:26:37Z: iked did not run: started",
  );
});

test("the details of a tunnel say no more of its phase 1 and probe than is known", () => {
  const west = status([3, 3]).tunnels.find(({ name }) => name === "west");
  const { probe } = west ?? {};
  if (!west || !probe) throw new Error("west has no probe");
  const details = (lossPercent?: number) =>
    tunnelDetails({ ...west, ikeSa: {}, probe: { ...probe, ok: true, lossPercent } });
  expect(details()).toContain("  phase 1    established\n");
  expect(details()).toMatch(/ 0% lost$/m);
  expect(details(33)).toMatch(/ 33% lost$/m);
});

test("colours only where they are wanted", () => {
  const [plain, coloured] = [false, true].map((colours) =>
    statusTable(status([3, 3]), { columns: 80, colours }),
  );
  expect(plain).not.toContain("\x1b");
  expect(forTerminal(coloured ?? "")).toContain("\x1b[32mproven\x1b[0m ");
});

test("numbers fit their columns", () => {
  expect([0, 999, 1000, 1023, 10_239, 5e6, 1.2e15].map(amount)).toEqual([
    "0",
    "999",
    "1.0K",
    "1.0K",
    "10K",
    "4.8M",
    "1.1P",
  ]);
  expect([0, 59.9, 60, 3600, 86_400 * 99].map(age)).toEqual(["0s", "59s", "1m", "1h", "99d"]);
  expect(wrapped("  ! one two three", 4, 12)).toEqual(["  ! one two", "    three"]);
});
