import type { TunnelStatus } from "../../../contract/documents/status";
import { disturbed, reached, type Action } from "../../../operate/tunnel/action";

const sa = (spi: string) => ({ spiIn: `${spi}in`, spiOut: `${spi}out`, encryption: "aes-256" });
const tunnel = (name: string, state: TunnelStatus["state"], ...spis: string[]): TunnelStatus => ({
  name,
  peer: "198.51.100.11",
  daemon: "iked",
  state,
  selectors: spis.map((spi) => ({ local: "l", remote: "r", state, childSa: sa(spi) })),
  differs: [],
});
const probed = { probe: { source: "10.10.0.2", target: "10.20.1.100" } };
const silent = { probe: undefined };
const was = tunnel("west", "established", "1");

test.each<[Action, boolean, TunnelStatus, typeof probed | typeof silent]>([
  ["up", true, tunnel("west", "proven", "1"), probed],
  ["up", false, tunnel("west", "established", "1"), probed],
  ["up", true, tunnel("west", "established", "1"), silent],
  ["up", false, tunnel("west", "negotiating"), silent],
  ["down", true, tunnel("west", "down"), probed],
  ["down", false, tunnel("west", "down", "1"), probed],
  ["down", false, tunnel("west", "unknown"), probed],
  ["restart", false, tunnel("west", "proven", "1"), probed],
  ["restart", false, tunnel("west", "negotiating"), probed],
  ["restart", true, tunnel("west", "proven", "2"), probed],
  ["kill", false, tunnel("west", "proven", "1", "2"), probed],
  ["kill", true, tunnel("west", "negotiating"), probed],
  ["kill", true, tunnel("west", "proven", "2"), probed],
  ["kill", false, tunnel("west", "unknown"), probed],
])("%s is reached: %s when the tunnel is %o", (action, expected, now, declared) => {
  expect(reached(action, declared, was, now)).toBe(expected);
});

test("others are disturbed when their SAs are not the same any more", () => {
  const before = [was, tunnel("east", "proven", "7"), tunnel("north", "proven", "8")];
  const now = [tunnel("west", "proven", "2"), tunnel("east", "established", "7")];
  expect(disturbed(["west"], before, now)).toEqual(["north"]);
  expect(disturbed(["west"], before, [...now, tunnel("north", "proven", "9")])).toEqual(["north"]);
});
