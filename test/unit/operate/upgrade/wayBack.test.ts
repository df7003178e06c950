import type { Standing } from "../../../../hypervisor/domain";
import { standingOf } from "../../../../hypervisor/domain";
import { checkedWayBack } from "../../../../operate/upgrade/copy";

const disk = { uri: "qemu:///system", pool: "vg0", volume: "gw" };
const back = (standing: Standing, answers: boolean): string =>
  checkedWayBack(disk, "gw", "gw-before-7.8", { standing, answers });

it("the way back from an upgrade starts the machine only where it was seen", () => {
  expect(back("running", true)).toMatch(/^virsh .* destroy gw && .*vol-upload .* start gw$/);
  // A machine that is off cannot be ended, and the line would stop there.
  expect(back("off", false)).toMatch(/^virsh .* vol-download .* start gw$/);
  for (const [standing, answers] of [
    ["off", true],
    ["absent", true],
    ["absent", false],
    ["unknown", true],
    ["unknown", false],
  ] as const) {
    expect(back(standing, answers)).toMatch(
      /find out where .* before anything is started; the copy/,
    );
    expect(back(standing, answers)).not.toContain("virsh");
  }
});

it("a state in virsh's words says whether a machine may run", () => {
  const said = ["running", "idle", "in shutdown", "paused", "shut off", "crashed"].map(standingOf);
  expect(said).toEqual(["running", "running", "running", "paused", "off", "off"]);
});
