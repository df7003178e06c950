import { inLab, labOk, ROOT } from "./support/lab";

describe("the end of a stack", () => {
  const ruleset = async () => (await labOk("perimeter", "nft", "list", "ruleset")).stdout;
  const OURS = /^table inet openbsd-ipsec-gateway \{\n[^]*?^\}\n/m;

  beforeAll(async () => {
    await labOk("up");
  });

  it("destroy removes volume, domain and forwards, and nothing else", async () => {
    const before = await ruleset();
    expect(before).toMatch(OURS);
    await labOk("pulumi", "destroy", "--yes", "--skip-preview");
    expect((await inLab("virsh -q list --all --name")).stdout).not.toMatch(/gw-test/);
    expect((await inLab("virsh -q vol-list vg0")).stdout).not.toMatch(/gw-test/);
    expect((await inLab("virsh -q pool-info vg0")).stdout).toMatch(/running/);
    expect(await ruleset()).toBe(before.replace(OURS, ""));
  });

  it("lab down leaves nothing behind", async () => {
    await labOk("down");
    const { stdout } = await labOk("inventory");
    // Another clone's lab may run beside this one, under another name.
    const name = process.env.LAB_NAME ?? "";
    const traces = [`gwlab${name}-`, `${ROOT}/.lab/`, `/dev/vg0${name}/`, `/dev/vg2${name}/`];
    expect(traces.filter((trace) => stdout.includes(trace))).toEqual([]);
  });
});
