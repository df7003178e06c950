import { groupOf } from "../../../operate/status/groups";
import { groupText } from "../../../operate/status/groupText";
import { parseSecRoutes } from "../../../parse/secInterfaces";
import type { GroupState } from "../../../parse/gwctlState";
import type { DeclaredTunnel } from "../../../contract/tunnel";
import { printed } from "../support/openbsd";
import { declared } from "./support/deployed";

/** Recorded on OpenBSD: sec1 with priority 8 and sec2 with 12 lead to 10.2.0.0/24. */
const routes = printed("netstat-rn").split("\n");
const tunnel = (unit: number): DeclaredTunnel => ({
  ...declared("west", 1),
  name: `west-${unit}`,
  pairs: [{ local: "10.1.0.0/24", remote: "10.2.0.0/24" }],
  sec: { unit, address: `10.255.${unit}.1/30`, peerAddress: `10.255.${unit}.2`, mtu: 1400 },
  group: { name: "cloud", priority: unit },
});

function stands(unit: number, rows: readonly string[], record?: GroupState) {
  const groups = new Map(record ? [[`west-${unit}`, record]] : []);
  return groupOf(tunnel(unit), { sec: { interfaces: [], routes: parseSecRoutes(rows) }, groups });
}

describe("of tunnels to the same networks", () => {
  it("the one with the lowest priority carries, by the kernel's routes", () => {
    expect([1, 2].map((unit) => stands(unit, routes)?.carries)).toEqual([true, false]);
    const moved = routes.filter((row) => !/^10\.2\.0\/24 .* sec1 *$/.test(row));
    expect([1, 2].map((unit) => stands(unit, moved)?.carries)).toEqual([false, true]);
  });

  it("one whose interface is down does not", () => {
    const down = routes.map((row) => (/ sec1 *$/.test(row) ? row.replace("UGS", "GS ") : row));
    expect([1, 2].map((unit) => stands(unit, down)?.carries)).toEqual([false, true]);
    expect(stands(1, [])?.carries).toBe(false);
  });

  it("says why the watchdog has one stand by", () => {
    const record = { group: "cloud", priority: 1, routed: false, since: 1_795_470_000 };
    const found = stands(1, [], { ...record, reason: "silent, and another tunnel answers" });
    expect(found).toMatchObject({ routed: false, since: "2026-11-23T21:40:00.000Z" });
    expect(found && groupText(found)).toBe(
      "stands by for the group cloud: silent, and another tunnel answers",
    );
    const carries = stands(1, routes);
    expect(carries && groupText(carries)).toBe("carries for the group cloud");
  });

  it("a tunnel of no group has nothing of it", () => {
    expect(
      groupOf(declared("west", 1), { sec: { interfaces: [], routes: [] }, groups: new Map() }),
    ).toBeUndefined();
  });
});
